import type { Argv } from 'yargs';
import type { KeyRecord } from '../../gateway/callers/key-store.ts';
import { exitCodes, type Command } from '../command.ts';
import { textTable, timeText } from '../text-table.ts';

interface ListArguments {
  json: boolean;
}

/** `bouquet keys list`: every key, without secrets. */
export const command: Command<ListArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .option('json', { type: 'boolean', default: false, describe: 'Print a JSON array' })
      .example('$0 keys list', 'The newest first')
      .example(`$0 keys list --json | jq -r '.[] | select(.lastUsedAt == null) | .id'`, 'Keys never used')
      .epilogue(`The last use is exact to the minute.\n${exitCodes}`),
  handler: async ({ json }) => {
    const { listKeys, stateOf } = await import('../../gateway/callers/key-store.ts');
    const { keyJson } = await import('./describe-key.ts');
    const { withDatabase } = await import('../with-database.ts');
    const keys = await withDatabase((database) => listKeys(database));
    if (json) process.stdout.write(`${JSON.stringify(keys.map(keyJson), null, 2)}\n`);
    else if (keys.length === 0) process.stdout.write('There are no keys: bouquet keys create makes one.\n');
    else process.stdout.write(textTable([heading, ...keys.map((key) => rowOf(key, stateOf(key)))]));
  },
};

const heading = ['ID', 'NAME', 'SCOPES', 'VENDOR', 'LIMIT', 'CREATED', 'LAST USED', 'EXPIRES', 'STATE'];

function rowOf(key: KeyRecord, state: string): string[] {
  const rotating = key.overlapUntil === null ? '' : `, old secret until ${timeText(key.overlapUntil)}`;
  return [
    key.id,
    key.name,
    key.scopes.join(' '),
    key.vendorId ?? '-',
    key.hourlyLimit === null ? '-' : `${key.hourlyLimit}/h`,
    timeText(key.createdAt),
    key.lastUsedAt === null ? 'never' : timeText(key.lastUsedAt),
    key.expiresAt === null ? 'never' : timeText(key.expiresAt),
    `${state}${state === 'active' ? rotating : ''}`,
  ];
}
