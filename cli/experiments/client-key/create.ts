import type { Argv } from 'yargs';
import { exitCodes, UsageError, type Command } from '../../command.ts';
import { parseMoment } from '../../duration.ts';

interface CreateArguments {
  description: string;
  expires: string | undefined;
  json: boolean;
}

/** `bouquet experiments client-key create`: makes a key for an SDK. */
export const command: Command<CreateArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .option('description', {
        type: 'string',
        demandOption: true,
        describe: 'What it is for, such as the application that reads the features',
      })
      .option('expires', { type: 'string', describe: 'When it ends: 90d, 12h or 2027-06-30; absent: never' })
      .option('json', { type: 'boolean', default: false, describe: 'Print what was stored, as JSON' })
      .example('$0 experiments client-key create --description "Web shop"', 'A key that never expires')
      .example(
        'CLIENT_KEY=$($0 experiments client-key create --description trial --expires 30d)',
        'Standard output has the key alone',
      )
      .epilogue(exitCodes),
  handler: async ({ description, expires, json }) => {
    if (!/^\S(.{0,198}\S)?$/.test(description)) {
      throw new UsageError('--description must have 1 to 200 characters in one line.');
    }
    const expiresAt = expires === undefined ? null : parseMoment(expires, '--expires');
    const { createClientKey } = await import('../../../gateway/callers/client-key-store.ts');
    const { withDatabase } = await import('../../with-database.ts');
    const { clientKeyJson } = await import('./client-key-json.ts');
    const made = await withDatabase((database) => createClientKey(database, { description, expiresAt }));
    process.stdout.write(json ? `${JSON.stringify(clientKeyJson(made), null, 2)}\n` : `${made.key}\n`);
    process.stderr.write(`Client key of "${description}". It is no secret; list shows it again.\n`);
  },
};
