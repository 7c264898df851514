import type { Argv } from 'yargs';
import { exitCodes, type Command } from '../../command.ts';
import { textTable, timeText } from '../../text-table.ts';

interface ListArguments {
  json: boolean;
}

/** `bouquet experiments client-key list`: every key of an SDK. */
export const command: Command<ListArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .option('json', { type: 'boolean', default: false, describe: 'Print a JSON array' })
      .example('$0 experiments client-key list', 'The newest first')
      .example(
        `$0 experiments client-key list --json | jq -r '.[] | select(.state == "active") | .key'`,
        'Keys that are accepted',
      )
      .epilogue(exitCodes),
  handler: async ({ json }) => {
    const { clientKeyState, listClientKeys } = await import('../../../gateway/callers/client-key-store.ts');
    const { withDatabase } = await import('../../with-database.ts');
    const { clientKeyJson } = await import('./client-key-json.ts');
    const keys = await withDatabase((database) => listClientKeys(database));
    if (json) process.stdout.write(`${JSON.stringify(keys.map(clientKeyJson), null, 2)}\n`);
    else if (keys.length === 0) {
      process.stdout.write('There are no client keys: bouquet experiments client-key create makes one.\n');
    } else {
      const rows = keys.map((key) => [
        key.key,
        key.description,
        timeText(key.createdAt),
        key.expiresAt === null ? 'never' : timeText(key.expiresAt),
        clientKeyState(key),
      ]);
      process.stdout.write(textTable([['KEY', 'DESCRIPTION', 'CREATED', 'EXPIRES', 'STATE'], ...rows]));
    }
  },
};
