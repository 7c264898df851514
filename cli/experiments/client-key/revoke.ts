import type { Argv } from 'yargs';
import { CommandError, exitCodes, type Command } from '../../command.ts';

interface RevokeArguments {
  key: string;
  'dry-run': boolean;
}

/** `bouquet experiments client-key revoke`: refuses a key of an SDK for good. */
export const command: Command<RevokeArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .positional('key', { type: 'string', demandOption: true, describe: 'The whole key' })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Print which key would be refused, and change nothing',
      })
      .example('$0 experiments client-key revoke sdk-0aB3dE5fG7hI9jK1l', 'Refused by every server within 5 s')
      .epilogue(
        `There is no way back: make a new key instead. SDKs keep the features that they have.\n${exitCodes}`,
      ),
  handler: async ({ key, dryRun }) => {
    const { findClientKey, revokeClientKey } = await import('../../../gateway/callers/client-key-store.ts');
    const { withDatabase } = await import('../../with-database.ts');
    const line = await withDatabase(async (database) => {
      const found = await findClientKey(database, key);
      if (found === null) {
        throw new CommandError(
          `there is no client key ${key}: bouquet experiments client-key list prints those that there are.`,
        );
      }
      const what = `client key ${key}, "${found.description}"`;
      if (found.revokedAt !== null)
        return `The ${what}, was revoked at ${found.revokedAt.toISOString()} already.`;
      if (dryRun) return `Would revoke ${what}.`;
      await revokeClientKey(database, key);
      return `Revoked ${what}. Every server refuses it within 5 s.`;
    });
    process.stdout.write(`${line}\n`);
  },
};
