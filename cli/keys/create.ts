import type { Argv } from 'yargs';
import { scopes, type Scope } from '#platform/caller/caller.ts';
import { exitCodes, UsageError, type Command } from '../command.ts';
import { refuseRepeated } from '../refuse-repeated.ts';
import { parseMoment } from '../duration.ts';

interface CreateArguments {
  name: string;
  scope: Scope[];
  vendor: string | undefined;
  limit: number | undefined;
  expires: string | undefined;
  json: boolean;
}

/** `bouquet keys create`: makes a key and prints it once. */
export const command: Command<CreateArguments> = {
  builder: (yargs: Argv) =>
    yargs
      // For the scopes; the other options must not be repeated.
      .parserConfiguration({ 'duplicate-arguments-array': true })
      .check(refuseRepeated('scope'))
      .option('name', { type: 'string', demandOption: true, describe: 'What to call it in lists' })
      .option('scope', {
        array: true,
        choices: scopes,
        demandOption: true,
        describe: 'What it may do; more than one by repeating',
      })
      .option('vendor', { type: 'string', describe: 'The only vendor whose rows it may see and write' })
      .option('limit', { type: 'number', describe: 'Requests an hour; absent: RATE_LIMIT_PER_HOUR' })
      .option('expires', { type: 'string', describe: 'When it ends: 90d, 12h or 2027-06-30; absent: never' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print the key with what was stored, as JSON',
      })
      .example('$0 keys create --name dashboards --scope dashboard', 'A key that sees the figures')
      .example('$0 keys create --name shop --scope catalogue --scope delegate', 'A key with two scopes')
      .example(
        '$0 keys create --name "Atelier Rose" --scope partner --vendor vendor-7 --limit 5000 --expires 365d',
        'A partner that sees its own rows, for a year',
      )
      .example('KEY=$($0 keys create --name ci --scope dashboard)', 'Standard output has the key alone')
      .epilogue(exitCodes),
  handler: async ({ name, scope, vendor, limit, expires, json }) => {
    if (!/^\S(.{0,98}\S)?$/.test(name))
      throw new UsageError('--name must have 1 to 100 characters in one line.');
    if (vendor !== undefined && !/^\P{Cc}{1,128}$/u.test(vendor)) {
      throw new UsageError("--vendor must be a vendor's id, 1 to 128 characters.");
    }
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 2_147_483_647)) {
      throw new UsageError('--limit must be a whole number of requests an hour, 1 or more.');
    }
    const expiresAt = expires === undefined ? null : parseMoment(expires, '--expires');
    const { createKey } = await import('../../gateway/callers/key-store.ts');
    const { printIssuedKey } = await import('./describe-key.ts');
    const { withDatabase } = await import('../with-database.ts');
    const issued = await withDatabase((database) =>
      createKey(database, {
        name,
        scopes: scopes.filter((known) => scope.includes(known)),
        vendorId: vendor ?? null,
        hourlyLimit: limit ?? null,
        expiresAt,
      }),
    );
    printIssuedKey(issued, {
      json,
      note: 'This is the only time that it is shown; the database has its hash.',
    });
  },
};
