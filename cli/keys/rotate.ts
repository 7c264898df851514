import type { Argv } from 'yargs';
import { CommandError, exitCodes, UsageError, type Command } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { keyIdOf, unknownKey } from './key-id.ts';

interface RotateArguments {
  id: string;
  overlap: string;
  json: boolean;
}

const maxOverlapMs = 24 * 3_600_000;

/** `bouquet keys rotate`: a new secret beside the old one, which counts for the overlap. */
export const command: Command<RotateArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'The id of the key, or the whole key',
      })
      .option('overlap', {
        type: 'string',
        default: '24h',
        describe: 'How long the old secret counts beside the new one: 30m, 12h; 24h at most, 0 not at all',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print the key with what is stored, as JSON',
      })
      .example('$0 keys rotate 0aB3dE5fG7h', 'A day to bring the new key to where the old one is')
      .example('$0 keys rotate 0aB3dE5fG7h --overlap 0', 'The old secret is known to others')
      .epilogue(exitCodes),
  handler: async ({ id: given, overlap, json }) => {
    const overlapMs = parseDuration(overlap, '--overlap');
    if (overlapMs > maxOverlapMs) throw new UsageError('--overlap must be 24h at most.');
    const id = keyIdOf(given);
    const { findKey, rotateKey, stateOf } = await import('../../gateway/callers/key-store.ts');
    const { printIssuedKey } = await import('./describe-key.ts');
    const { withDatabase } = await import('../with-database.ts');
    const issued = await withDatabase(async (database) => {
      const rotated = await rotateKey(database, id, overlapMs);
      if (rotated !== null) return rotated;
      const found = await findKey(database, id);
      if (found === null) throw unknownKey(id);
      throw new CommandError(`the key ${id} is ${stateOf(found)}: bouquet keys create makes another.`);
    });
    const until = issued.record.overlapUntil;
    printIssuedKey(issued, {
      json,
      note: `${until === null ? 'The old secret is refused within 5 s.' : `The old secret counts until ${until.toISOString()}.`} This is the only time that the new one is shown.`,
    });
  },
};
