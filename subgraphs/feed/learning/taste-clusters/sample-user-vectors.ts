import type { Database } from '#platform/database/database.ts';
import { Reservoir } from '../reservoir.ts';
import { seededRandom } from '../seeded-random.ts';
import { userChoices } from '../user-choices.ts';
import { choicesRead, userVector } from '../user-vector.ts';
import { normalise, type UnitVectors } from './spherical-k-means.ts';
import { leastChoices } from './taste-clusters.ts';

/** Users that clusters are learned from at most; more would not move them. In 128 dimensions they take 10 MB. */
const sampleSize = 20_000;

/**
 * The directions of users with five choices or more, as a feed sees them; of many users a sample.
 */
export async function sampleUserVectors(
  database: Database,
  vectors: ReadonlyMap<string, Float32Array>,
  signal: AbortSignal | undefined,
): Promise<{ count: number; points: UnitVectors }> {
  const reservoir = new Reservoir<Float32Array>(sampleSize, seededRandom(1));
  for await (const page of userChoices(database, { limit: choicesRead, signal })) {
    for (const { choices } of page) {
      if (choices.length < leastChoices) continue;
      const vector = userVector(choices.map(({ id, at }) => ({ at, vector: vectors.get(id) ?? null })));
      if (vector === null) continue;
      reservoir.offer(() => {
        normalise(vector, 0, vector.length);
        return vector;
      });
    }
  }
  const { sample } = reservoir;
  const dimensions = sample[0]?.length ?? 0;
  const values = new Float32Array(sample.length * dimensions);
  for (const [place, vector] of sample.entries()) values.set(vector, place * dimensions);
  return { count: sample.length, points: { dimensions, values } };
}
