import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readConfig } from '#platform/config/config.ts';
import { slateLines } from '../../subgraphs/feed/exploration/slate-lines.ts';
import { withDatabase } from '../with-database.ts';

const hourMs = 3_600_000;

/**
 * Writes the slates that were served since `since` (null: all) to the file `out`, or to standard output, as they come from
 * the database. Returns how many.
 */
export async function exportSlates(since: Date | null, out: string | null): Promise<number> {
  const windowMs = readConfig().EXPLORATION_REWARD_HOURS * hourMs;
  return withDatabase(async (database) => {
    let count = 0;
    async function* texts(): AsyncGenerator<string, void, undefined> {
      for await (const line of slateLines(database, { since, now: new Date(), windowMs })) {
        count++;
        yield `${JSON.stringify(line)}\n`;
      }
    }
    const source = Readable.from(texts());
    if (out === null) await pipeline(source, process.stdout, { end: false });
    else await pipeline(source, createWriteStream(out));
    return count;
  });
}
