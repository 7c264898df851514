import type { ServedModels } from '../learning/served-models.ts';
import { userVector, type PlacedChoice } from '../learning/user-vector.ts';
import type { Taste } from '../pipeline/component.ts';

/** Something that a user chose, with what is known of it. */
export interface KnownChoice extends PlacedChoice {
  readonly id: string;
  /** Null where the projection does not know the item. */
  readonly vendorId: string | null;
  readonly tags: readonly string[];
}

/** What follows from choices, which come the latest first, by these models. */
export function tasteOfChoices(
  chosen: readonly KnownChoice[],
  followedVendors: readonly string[],
  models: Pick<ServedModels, 'neighbours' | 'tagWeight'>,
): Taste {
  const positives = chosen.map(({ id }) => id);
  return {
    positives,
    followedVendors,
    similarities: positives.length === 0 ? null : (models.neighbours?.similarities(positives) ?? null),
    vector: userVector(chosen),
    tags: tagProfile(chosen, models),
    vendors: countBy(chosen.flatMap(({ vendorId }) => vendorId ?? [])),
  };
}

/** How often each tag was chosen, times how much it tells. */
function tagProfile(chosen: readonly KnownChoice[], models: Pick<ServedModels, 'tagWeight'>): Taste['tags'] {
  const weights = countBy(chosen.flatMap(({ tags }) => tags));
  let squares = 0;
  for (const [tag, count] of weights) {
    const weight = count * models.tagWeight(tag);
    weights.set(tag, weight);
    squares += weight ** 2;
  }
  return { weights, length: Math.sqrt(squares) };
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
