import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { readChoices } from './choices.ts';
import { nextVersion, serveVersion, type TrainingMethod } from './model-version.ts';
import { readItemTraits } from './item-traits.ts';
import { neighboursInThread, type NeighbourMethod } from './neighbours-task.ts';
import type { Neighbours } from './rp3beta.ts';
import { refreshStatistics } from './statistics.ts';
import { encodeInts, encodeVector } from './vector-bytes.ts';

/** Chosen on a validation split of goodbooks; see docs/reference/ranking.md. */
const walkParameters = { k: 100, alpha: 0.5, beta: 0.6 };
export const deepParameters = {
  ease: { k: 100, discount: 0.15, lambda: 100, vendorWeight: 8, tagWeight: 2 },
  rp3beta: walkParameters,
  easeItems: 12_000,
};

/** Items in one part. */
const partSize = 500;

export interface TrainOptions {
  /**
   * `quick`: RP3beta on the choices, some seconds for a million of them. `deep`, the default: EASE on choices, vendors and
   * tags, better and minutes for ten thousand items.
   */
  readonly method?: TrainingMethod;
  /** Threads that a deep training works on; 1 leaves the other cores to requests. */
  readonly threads?: number;
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
  { method = 'deep', threads = 1, onProgress = () => undefined, signal }: TrainOptions = {},
): Promise<{ version: number; items: number; neighbours: number }> {
  const { version, positives } = await nextVersion(database, 'item-neighbours');
  await refreshStatistics(database);
  const { matrix, ids } = await readChoices(database, signal);
  const { names, ...traits } = await readItemTraits(database, ids);
  const total = 2 * Math.max(1, ids.length);
  const chosen: NeighbourMethod =
    method === 'quick'
      ? { kind: 'rp3beta', parameters: walkParameters }
      : { kind: 'deep', traits, parameters: deepParameters, threads };
  const neighbours = await neighboursInThread(matrix, chosen, {
    onProgress: (share) => onProgress((share * total) / 2, total),
    signal,
  });
  const vendorIds = Array.from(traits.vendors, (vendor) => names.vendors[vendor] ?? '');
  for (let start = 0; start < ids.length; start += partSize) {
    signal?.throwIfAborted();
    await storePart(database, version, { start, ids, vendorIds, neighbours });
    onProgress(total / 2 + Math.min(start + partSize, ids.length), total);
  }
  await inTransactionWithEvents(database, async (tx) => {
    await serveVersion(tx, 'item-neighbours', { version, positives, method });
    await tx.feedItemNeighbours.deleteMany({ where: { version: { lt: version } } });
    await appendEvent(tx, 'model.trained', { name: 'item-neighbours', version });
  });
  return { version, items: ids.length, neighbours: neighbours.items.filter((item) => item >= 0).length };
}

async function storePart(
  database: Database,
  version: number,
  model: {
    start: number;
    ids: readonly string[];
    vendorIds: readonly string[];
    neighbours: Neighbours;
  },
): Promise<void> {
  const { start, ids, vendorIds, neighbours } = model;
  const end = Math.min(start + partSize, ids.length);
  const { k, items, scores } = neighbours;
  await database.prisma.feedItemNeighbours.create({
    data: {
      version,
      part: start / partSize,
      contentIds: ids.slice(start, end),
      vendorIds: vendorIds.slice(start, end),
      neighbours: encodeInts(items.subarray(start * k, end * k)),
      scores: encodeVector(scores.subarray(start * k, end * k)),
    },
  });
}
