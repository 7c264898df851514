import { featureNames, type FeatureName } from '../../agents/ranking-features.ts';

const places = new Map(featureNames.map((name, place) => [name, place]));

/** Parts that tell most at one end: their squares and roots let a forecast bend. */
const bent: readonly FeatureName[] = [
  'neighbours',
  'vendorNeighbours',
  'vectors',
  'tags',
  'vendor',
  'popularity',
  'freshness',
];

/** Parts that say more or less by what the other says. */
const crossed: readonly (readonly [FeatureName, FeatureName])[] = [
  ['neighbours', 'popularity'],
  ['neighbours', 'tags'],
  ['neighbours', 'vectors'],
  ['tags', 'popularity'],
];

/** How many numbers `expandFeatures` makes. */
export const expandedWidth = featureNames.length + 2 * bent.length + crossed.length;

/** Writes the features, the squares and roots of some and the products of others to `target` from `start` on. */
export function expandFeatures(features: ArrayLike<number>, target: Float64Array, start = 0): void {
  let place = start;
  for (let index = 0; index < featureNames.length; index++) target[place++] = features[index] ?? 0;
  for (const name of bent) {
    const value = valueOf(features, name);
    target[place++] = value ** 2;
    target[place++] = Math.sqrt(Math.max(0, value));
  }
  for (const [one, other] of crossed) target[place++] = valueOf(features, one) * valueOf(features, other);
}

function valueOf(features: ArrayLike<number>, name: FeatureName): number {
  return features[places.get(name) ?? 0] ?? 0;
}
