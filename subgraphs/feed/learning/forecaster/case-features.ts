import { rankingFeatures } from '../../agents/ranking-features.ts';
import { tasteOfChoices } from '../../hydrators/taste-of-choices.ts';
import { candidate, type Candidate } from '../../pipeline/component.ts';
import { at } from '../typed-array.ts';
import { featureRows } from './feature-rows.ts';
import type { ForecastCase, ForecastWorld } from './forecast-world.ts';

/** Neighbours of the choices among the candidates, as many as a feed finds. */
const neighbourLimit = 240;

/**
 * The features of what was shown, row after row, as the score of a feed would have computed them then: the candidates that
 * they are relative to are the neighbours of the choices, what was popular, and what was shown.
 */
export function caseFeatures(
  world: ForecastWorld,
  { now, choices, followedVendors, shown }: ForecastCase,
): Float64Array {
  const taste = tasteOfChoices(
    choices.map((choice) => {
      const facts = world.factsOf(choice.id);
      return {
        ...choice,
        vendorId: facts?.vendorId ?? null,
        tags: facts?.tags ?? [],
        vector: world.vectorOf(choice.id),
      };
    }),
    followedVendors,
    world,
  );
  const toCandidate = (id: string): Candidate => ({
    ...candidate(id, 'COLLABORATIVE'),
    facts: world.factsOf(id),
    vectorSimilarity: cosine(taste.vector, world.vectorOf(id)),
  });
  const own = new Set(choices.map(({ id }) => id));
  const asked = shown.map(({ id }) => toCandidate(id));
  const shownIds = new Set(shown.map(({ id }) => id));
  const near = taste.similarities?.nearest(neighbourLimit) ?? [];
  const others = new Set([...near.map(({ id }) => id), ...world.popular]);
  const candidates = [...others].flatMap((id) => {
    const facts = world.factsOf(id);
    return facts === null || own.has(id) || shownIds.has(id)
      ? []
      : [{ ...candidate(id, 'COLLABORATIVE'), facts }];
  });
  return featureRows(rankingFeatures({ taste, now }, [...candidates, ...asked], world), candidates.length);
}

/** 0 where one lies nowhere. */
function cosine(a: Float32Array | null, b: Float32Array | null): number {
  if (a === null || b === null) return 0;
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let index = 0; index < a.length; index++) {
    product += at(a, index) * at(b, index);
    squaresA += at(a, index) ** 2;
    squaresB += at(b, index) ** 2;
  }
  return product === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
}
