import type { Database } from '#platform/database/database.ts';
import { servedVersion } from '../model-version.ts';
import { decodeVector } from '../vector-bytes.ts';
import { readInterests, type ClusterInterests } from './cluster-interests.ts';
import { nearestTo, type UnitVectors } from './spherical-k-means.ts';

/** Choices from which on somebody's taste is known well enough for a cluster. */
export const leastChoices = 5;

/** A version of the taste clusters, in memory. */
export class TasteClusters {
  readonly version: number;
  /** Of the item vectors that a user's vector must be made of. */
  readonly vectorsVersion: number;
  readonly #numbers: readonly number[];
  readonly #centroids: UnitVectors;
  readonly #interests: ReadonlyMap<number, ClusterInterests>;

  private constructor(
    version: number,
    vectorsVersion: number,
    numbers: readonly number[],
    centroids: UnitVectors,
    interests: ReadonlyMap<number, ClusterInterests>,
  ) {
    this.version = version;
    this.vectorsVersion = vectorsVersion;
    this.#numbers = numbers;
    this.#centroids = centroids;
    this.#interests = interests;
  }

  /** Reads the served version; null before the first training, and where there was nobody to learn from. */
  static async load(database: Database): Promise<TasteClusters | null> {
    const version = await servedVersion(database.prisma, 'taste-clusters');
    const rows = await database.prisma.feedTasteCluster.findMany({
      where: { version },
      orderBy: { cluster: 'asc' },
    });
    const [first] = rows;
    if (first === undefined) return null;
    const centroids = rows.map(({ centroid }) => decodeVector(centroid));
    const dimensions = centroids[0]?.length ?? 0;
    const values = new Float32Array(dimensions * centroids.length);
    for (const [place, centroid] of centroids.entries()) values.set(centroid, place * dimensions);
    return new TasteClusters(
      version,
      first.vectorsVersion,
      rows.map(({ cluster }) => cluster),
      { dimensions, values },
      await readInterests(database, rows),
    );
  }

  /** The cluster of somebody who lies at `vector`, of any length, among the vectors of `vectorsVersion`. */
  nearest(vector: Float32Array): number {
    return this.#numbers[nearestTo(this.#centroids, vector)] ?? 0;
  }

  /** What the users of `cluster` choose more than others; null where too few of them are known to say. */
  interestsOf(cluster: number): ClusterInterests | null {
    return this.#interests.get(cluster) ?? null;
  }
}
