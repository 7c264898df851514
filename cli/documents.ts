import type { Argv } from 'yargs';
import { exitCodes, UsageError, type Command } from './command.ts';
import { keyIdOf } from './keys/key-id.ts';
import { refuseRepeated } from './refuse-repeated.ts';

const actions = ['list', 'check', 'publish', 'remove'] as const;

interface DocumentsArguments {
  action: (typeof actions)[number] | undefined;
  names: string[] | undefined;
  key: string | undefined;
  json: boolean;
  usage: boolean;
  'dry-run': boolean;
}

/** `bouquet documents`: the persisted documents that callers may run by id. */
export const command: Command<DocumentsArguments> = {
  builder: (yargs: Argv) =>
    yargs
      // For the names, of which yargs keeps the last one else; the options must not be repeated.
      .parserConfiguration({ 'duplicate-arguments-array': true })
      .check(refuseRepeated('names'))
      .positional('action', { choices: actions, demandOption: true, describe: 'What to do' })
      .positional('names', {
        type: 'string',
        array: true,
        describe: 'Of check and publish: files. Of remove: names or ids',
      })
      .option('key', {
        type: 'string',
        describe: "An API key's public id: its own list instead of everybody's",
      })
      .option('json', { type: 'boolean', default: false, describe: 'Of list: print JSON' })
      .option('usage', {
        type: 'boolean',
        default: false,
        describe: 'Of list: how often each key ran each document, and when last',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Of publish and remove: say what would be done, and change nothing',
      })
      .example('$0 documents list', 'Every published document with its id, cost and cache policy')
      .example(
        '$0 documents check',
        'The files of schema/documents and what is published, against the schema',
      )
      .example('$0 documents publish persisted-query-manifest.json --key K', "On a partner's list")
      .example('$0 documents remove FeedPage', 'Off the list of everybody')
      .epilogue(
        'Files: .graphql, an Apollo manifest, or the persisted_queries.json of a Relay compiler; docs/reference/documents.md\n' +
          exitCodes,
      ),
  handler: async ({ action, names = [], key: given, json, usage, dryRun }) => {
    // A whole key is taken for its id, so that no list gets the name of a secret.
    const key = given === undefined ? null : keyIdOf(given);
    if (key === '' || key === '*') throw new UsageError('--key takes the public id of an API key.');
    if (action !== 'list' && (json || usage)) throw new UsageError('--json and --usage belong to list.');
    if ((action === 'list' || action === 'check') && dryRun) {
      throw new UsageError(`${action} changes nothing: --dry-run belongs to publish and remove.`);
    }
    switch (action) {
      case 'list': {
        if (names.length > 0) throw new UsageError('list takes no names: --key narrows it to one list.');
        const { listDocuments } = await import('./documents/list-documents.ts');
        print(await listDocuments({ keyId: key, json, usage }));
        return;
      }
      case 'check': {
        const { checkDocuments } = await import('./documents/check-documents.ts');
        print(await checkDocuments(names, { keyId: key }));
        return;
      }
      case 'publish': {
        if (names.length === 0)
          throw new UsageError('Name the files to publish: bouquet documents publish FILE…');
        const { publishFiles } = await import('./documents/publish-files.ts');
        print(await publishFiles(names, { keyId: key, dryRun }));
        return;
      }
      case 'remove': {
        if (names.length === 0) throw new UsageError('Name what to remove: bouquet documents remove NAME…');
        const { removeNamed } = await import('./documents/remove-named.ts');
        print(await removeNamed(names, { keyId: key, dryRun }));
        return;
      }
      case undefined:
        throw new UsageError(`Name an action: bouquet documents ${actions.join('|')}`);
    }
  },
};

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
