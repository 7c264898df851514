import { arrayLiteral } from '#platform/database/array-literal.ts';
import type { Database } from '#platform/database/database.ts';
import { readChoices } from './choices.ts';
import { nextVersion, publishVersion } from './model-version.ts';
import { rp3betaInWorker } from './rp3beta-task.ts';
import type { Neighbours } from './rp3beta.ts';
import { refreshNeighbourStatistics, refreshStatistics } from './statistics.ts';

/** Parameters of RP3beta, and how many neighbours an item keeps. */
const parameters = { k: 100, alpha: 0.5, beta: 0.6 };

/** Items in one statement. */
const chunkSize = 250;

export interface TrainOptions {
  /** Hears how much is done: half of it is computing, half writing. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the training; nothing of it is served then. */
  readonly signal?: AbortSignal;
}

/**
 * Trains item-to-item neighbours on all positive interactions, in a worker thread, writes them as a new version
 * and serves that from then on. Returns the version, its items and its neighbour pairs.
 */
export async function trainItemNeighbours(
  database: Database,
  { onProgress = () => undefined, signal }: TrainOptions = {},
): Promise<{ version: number; items: number; neighbours: number }> {
  const { version, positives } = await nextVersion(database);
  await refreshStatistics(database);
  const { matrix, ids } = await readChoices(database, signal);
  const total = 2 * ids.length;
  const neighbours = await rp3betaInWorker(matrix, parameters, {
    onProgress: (done) => onProgress(done, total),
    signal,
  });
  let pairs = 0;
  for (let start = 0; start < ids.length; start += chunkSize) {
    signal?.throwIfAborted();
    const end = Math.min(start + chunkSize, ids.length);
    pairs += await writeNeighbours(database, version, { ids, neighbours, start, end });
    onProgress(ids.length + end, total);
  }
  await refreshNeighbourStatistics(database);
  await publishVersion(database, version, positives);
  return { version, items: ids.length, neighbours: pairs };
}

async function writeNeighbours(
  database: Database,
  version: number,
  {
    ids,
    neighbours,
    start,
    end,
  }: { ids: readonly string[]; neighbours: Neighbours; start: number; end: number },
): Promise<number> {
  const neighbourLists: string[] = [];
  const scoreLists: string[] = [];
  let pairs = 0;
  for (let item = start; item < end; item++) {
    const first = item * neighbours.k;
    const listed = neighbours.items.subarray(first, first + neighbours.k);
    const length = listed.includes(-1) ? listed.indexOf(-1) : listed.length;
    const scores = neighbours.scores.subarray(first, first + length);
    neighbourLists.push(arrayLiteral(Array.from(listed.subarray(0, length), (index) => ids[index] ?? '')));
    scoreLists.push(arrayLiteral(Array.from(scores, (score) => score.toPrecision(7))));
    pairs += length;
  }
  await database.prisma.$executeRaw`
    INSERT INTO feed.item_neighbours (version, content_id, neighbour_ids, scores)
    SELECT ${version}::int, n.content_id, n.neighbour_ids::text[], n.scores::real[]
    FROM unnest(${ids.slice(start, end)}::text[], ${neighbourLists}::text[], ${scoreLists}::text[])
      AS n (content_id, neighbour_ids, scores)`;
  return pairs;
}
