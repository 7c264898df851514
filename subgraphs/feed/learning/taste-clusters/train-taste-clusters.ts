import { setImmediate } from 'node:timers/promises';
import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { Largest } from '../largest.ts';
import { nextVersion, servedVersion, serveVersion } from '../model-version.ts';
import { readVectors } from '../read-vectors.ts';
import type { TrainOptions } from '../train-item-neighbours.ts';
import { decodeVector, encodeVector } from '../vector-bytes.ts';
import { clustersInThread } from './clusters-task.ts';
import { matchClusters, type EarlierCluster } from './match-clusters.ts';
import { sampleUserVectors } from './sample-user-vectors.ts';
import { nearestTo, normalise, type UnitVectors } from './spherical-k-means.ts';

/** Clusters at most. */
const clusterLimit = 32;

/** Users for each cluster at least: fewer say little of a taste that they share. */
const usersPerCluster = 20;

/** Items by which a cluster is found again. */
const anchorCount = 50;

/** Items that are compared with the centroids before requests have their turn. */
const slice = 1_000;

type Vectors = ReadonlyMap<string, Float32Array>;

/**
 * Sorts users into clusters of taste, writes them as a new version and serves that from then on. A cluster keeps its number
 * from one version to the next. Returns the version, its clusters and how many users it was learned from.
 */
export async function trainTasteClusters(
  database: Database,
  { onProgress = () => undefined, signal }: Pick<TrainOptions, 'onProgress' | 'signal'> = {},
): Promise<{ version: number; clusters: number; users: number }> {
  const { version, positives } = await nextVersion(database, 'taste-clusters');
  const vectorsVersion = await servedVersion(database.prisma, 'item-vectors');
  const vectors = await readVectors(database, vectorsVersion, signal);
  onProgress(1, 4);
  const users = await sampleUserVectors(database, vectors, signal);
  onProgress(2, 4);
  const count = Math.min(clusterLimit, Math.max(1, Math.floor(users.count / usersPerCluster)));
  const { centroids, assignments } = await clustersInThread(
    { points: users.points, count, seed: version },
    { onProgress: () => undefined, signal },
  );
  onProgress(3, 4);
  const numbers = matchClusters(centroids, await earlierClusters(database, vectorsVersion, vectors));
  const anchors = await anchorsOf(centroids, vectors, signal);
  const rows = numbers.map((cluster, place) => ({
    version,
    cluster,
    vectorsVersion,
    users: assignments.filter((own) => own === place).length,
    centroid: encodeVector(
      centroids.values.subarray(place * centroids.dimensions, (place + 1) * centroids.dimensions),
    ),
    anchors: anchors[place] ?? [],
  }));
  await inTransactionWithEvents(database, async (tx) => {
    await tx.feedTasteCluster.createMany({ data: rows });
    await serveVersion(tx, 'taste-clusters', { version, positives, method: 'deep' });
    await tx.feedTasteCluster.deleteMany({ where: { version: { lt: version } } });
    await appendEvent(tx, 'model.trained', { name: 'taste-clusters', version });
  });
  onProgress(4, 4);
  return { version, clusters: rows.length, users: users.count };
}

/**
 * The served clusters as they lie among the vectors of `vectorsVersion`: where these are others, vectors of two versions
 * cannot be compared, and a cluster lies where the items lie that were nearest to it.
 */
async function earlierClusters(
  database: Database,
  vectorsVersion: number,
  vectors: Vectors,
): Promise<EarlierCluster[]> {
  const version = await servedVersion(database.prisma, 'taste-clusters');
  const rows = await database.prisma.feedTasteCluster.findMany({ where: { version } });
  return rows.flatMap(({ cluster, vectorsVersion: own, centroid, anchors }) => {
    const placed =
      own === vectorsVersion
        ? decodeVector(centroid)
        : directionOf(anchors.flatMap((id) => vectors.get(id) ?? []));
    return placed === null ? [] : [{ cluster, centroid: placed }];
  });
}

/** The direction of the sum of vectors, each of length 1 first; null for none. */
function directionOf(vectors: readonly Float32Array[]): Float32Array | null {
  const [first] = vectors;
  if (first === undefined) return null;
  const sum = new Float32Array(first.length);
  for (const vector of vectors) {
    const unit = Float32Array.from(vector);
    normalise(unit, 0, unit.length);
    for (const [index, value] of unit.entries()) sum[index] = (sum[index] ?? 0) + value;
  }
  normalise(sum, 0, sum.length);
  return sum;
}

/** The items nearest to each centroid among those that are nearer to it than to the others. */
async function anchorsOf(
  centroids: UnitVectors,
  vectors: Vectors,
  signal: AbortSignal | undefined,
): Promise<string[][]> {
  const { dimensions, values } = centroids;
  const ids = [...vectors.keys()];
  const best = Array.from({ length: values.length / dimensions }, () => new Largest(anchorCount));
  for (const [number, [, vector]] of [...vectors].entries()) {
    if (number % slice === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    const unit = Float32Array.from(vector);
    normalise(unit, 0, dimensions);
    const place = nearestTo(centroids, unit);
    const cosine = unit.reduce((sum, value, i) => sum + value * (values[place * dimensions + i] ?? 0), 0);
    best[place]?.offer(number, cosine);
  }
  return best.map((largest) => {
    const numbers = new Int32Array(anchorCount).fill(-1);
    largest.writeTo(numbers, new Float32Array(anchorCount), 0);
    return [...numbers].flatMap((number) => ids[number] ?? []);
  });
}
