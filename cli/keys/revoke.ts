import type { Argv } from 'yargs';
import { exitCodes, type Command } from '../command.ts';
import { keyIdOf, unknownKey } from './key-id.ts';

interface RevokeArguments {
  id: string;
  'dry-run': boolean;
}

/** `bouquet keys revoke`: refuses a key for good. */
export const command: Command<RevokeArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'The id of the key, or the whole key',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Print which key would be refused and when it was last used, and change nothing',
      })
      .example('$0 keys revoke 0aB3dE5fG7h --dry-run', 'Whether anybody still uses it')
      .example('$0 keys revoke 0aB3dE5fG7h', 'Refused by every server within 5 s, with all its secrets')
      .epilogue(`There is no way back: make a new key instead.\n${exitCodes}`),
  handler: async ({ id: given, dryRun }) => {
    const id = keyIdOf(given);
    const { findKey, revokeKey } = await import('../../gateway/callers/key-store.ts');
    const { describeKey } = await import('./describe-key.ts');
    const { withDatabase } = await import('../with-database.ts');
    const lines = await withDatabase(async (database) => {
      const found = await findKey(database, id);
      if (found === null) throw unknownKey(id);
      const what = `${id}, ${describeKey(found)}`;
      if (found.revokedAt !== null)
        return `Key ${what}, was revoked at ${found.revokedAt.toISOString()} already.`;
      const used =
        found.lastUsedAt === null ? 'never used' : `last used at ${found.lastUsedAt.toISOString()}`;
      if (dryRun) return `Would revoke key ${what}, ${used}.`;
      await revokeKey(database, id);
      return `Revoked key ${what}, ${used}. Every server refuses it within 5 s.`;
    });
    process.stdout.write(`${lines}\n`);
  },
};
