import type { Similarities } from '../learning/neighbour-model.ts';
import type { ServedModels } from '../learning/served-models.ts';
import type { Taste } from '../pipeline/component.ts';

/** The taste of somebody who has not chosen anything. */
export function tasteOf(overrides: Partial<Taste> = {}): Taste {
  return {
    positives: [],
    followedVendors: [],
    similarities: null,
    vector: null,
    tags: { weights: new Map(), length: 0 },
    vendors: new Map(),
    ...overrides,
  };
}

/** Similarities as they are given, of items and of vendors. */
export function similaritiesOf(
  items: Readonly<Record<string, number>>,
  vendors: Readonly<Record<string, number>> = {},
): Similarities {
  return {
    nearest: (limit) =>
      Object.entries(items)
        .map(([id, similarity]) => ({ id, similarity }))
        .filter(({ similarity }) => similarity > 0)
        .toSorted((a, b) => b.similarity - a.similarity)
        .slice(0, limit),
    ofItem: (id) => items[id] ?? 0,
    ofVendor: (id) => vendors[id] ?? 0,
  };
}

/** Models before the first training, by which tags tell as much as is said here, the others 1. */
export function untrained(idf: Readonly<Record<string, number>> = {}): ServedModels {
  return {
    neighbours: null,
    forecaster: null,
    tasteClusters: null,
    tagWeight: (tag) => idf[tag] ?? 1,
  };
}
