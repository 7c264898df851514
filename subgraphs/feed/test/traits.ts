import fc from 'fast-check';
import { featureSource } from '../agents/ranking-features.ts';
import type { Candidate, Taste } from '../pipeline/component.ts';
import { candidateOf } from './candidates.ts';
import { start } from './open-feed.ts';
import { similaritiesOf, tasteOf, untrained } from './taste.ts';

/** What is known of a candidate, and what its score is made of. */
export interface Traits {
  readonly similarity: number;
  readonly vendorSimilarity: number;
  readonly vectorSimilarity: number;
  /** The user has chosen `liked` alone. */
  readonly tags: readonly string[];
  readonly vendorChoices: number;
  readonly log2Popularity: number | null;
  readonly vendorLog2Popularity: number | null;
  readonly followed: boolean;
  readonly editorial: boolean;
  readonly ageDays: number;
  readonly quality: number;
}

export const anySimilarity = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 50, noNaN: true }));

const popularity = fc.option(fc.double({ min: -50, max: 4_000, noNaN: true }));

export const anyTraits: fc.Arbitrary<Traits> = fc.record({
  similarity: anySimilarity,
  vendorSimilarity: anySimilarity,
  vectorSimilarity: fc.double({ min: -1, max: 1, noNaN: true }),
  tags: fc.uniqueArray(fc.constantFrom('liked', 'rare', 'common', 'worthless')),
  vendorChoices: fc.nat(200),
  log2Popularity: popularity,
  vendorLog2Popularity: popularity,
  followed: fc.boolean(),
  editorial: fc.boolean(),
  ageDays: fc.double({ min: -30, max: 5_000, noNaN: true }),
  quality: fc.double({ min: 0, max: 1, noNaN: true }),
});

export const noTraits: Traits = {
  similarity: 0,
  vendorSimilarity: 0,
  vectorSimilarity: 0,
  tags: [],
  vendorChoices: 0,
  log2Popularity: null,
  vendorLog2Popularity: null,
  followed: false,
  editorial: false,
  ageDays: Infinity,
  quality: 0,
};

const dayMs = 86_400_000;
const vendorOf = (index: number): string => `vendor-${index}`;

/** The features of candidates with traits. */
export const traitFeatures = () => featureSource(untrained({ worthless: 0, rare: 3 }));

/** The taste of somebody to whom the candidates with these traits are as the traits say. */
export function tasteFor(all: readonly Traits[]): Taste {
  const by = <T>(of: (given: Traits) => T, key: (index: number) => string): Record<string, T> =>
    Object.fromEntries(all.map((given, index) => [key(index), of(given)]));
  return tasteOf({
    positives: ['chosen'],
    similarities: similaritiesOf(
      by(
        (given) => given.similarity,
        (index) => `item-${index}`,
      ),
      by((given) => given.vendorSimilarity, vendorOf),
    ),
    followedVendors: all.flatMap(({ followed }, index) => (followed ? [vendorOf(index)] : [])),
    vendors: new Map(all.map(({ vendorChoices }, index) => [vendorOf(index), vendorChoices])),
    tags: { weights: new Map([['liked', 2]]), length: 2 },
  });
}

/** The candidate with these traits at this place, of a vendor of its own. */
export function candidateWith(given: Traits, index: number): Candidate {
  const { tags, quality, log2Popularity, vendorLog2Popularity, ageDays, vectorSimilarity, editorial } = given;
  const publishedAt = ageDays === Infinity ? new Date(-8.64e15) : new Date(start.getTime() - ageDays * dayMs);
  return candidateOf(
    `item-${index}`,
    { vendorId: vendorOf(index), tags, quality, log2Popularity, vendorLog2Popularity, publishedAt },
    { vectorSimilarity, source: editorial ? 'EDITORIAL' : 'FRESH' },
  );
}
