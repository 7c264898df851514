import { unsaid, type Scoring, type ScorePart } from '../pipeline/component.ts';
import type { RankedItem } from '../snapshot/feed-snapshot.ts';

/** One part of a score and what it adds to it. */
export interface Contribution {
  readonly name: string;
  readonly value: number;
}

/**
 * What each part that had something to say of the item adds to its score: weight · value / Σ weight, over those parts. They
 * add up to the score. Where the parts are no longer known the score is one contribution.
 */
export function contributionsTo(item: RankedItem, scoring: Scoring | null): Contribution[] {
  const shares = sharesOf(item, scoring);
  return shares === null
    ? [{ name: 'score', value: item.score }]
    : shares.map(({ part, value, share }) => ({ name: part.name, value: share * value }));
}

/** A part that had something to say of an item. */
export interface Share {
  readonly part: ScorePart;
  /** 0..1 */
  readonly value: number;
  /** Its weight among those that had something to say, which add up to 1. */
  readonly share: number;
  /** Whether a stand-in said it. */
  readonly fallback: boolean;
}

/** The parts that had something to say of the item; null where they are no longer known. */
export function sharesOf({ explanation }: RankedItem, scoring: Scoring | null): Share[] | null {
  if (explanation === undefined || scoring === null || explanation.values.length === 0) return null;
  const said = scoring.parts.flatMap((part, index) => {
    const value = explanation.values[index] ?? unsaid;
    return value === unsaid ? [] : [{ part, value, fallback: ((explanation.fallbacks >> index) & 1) === 1 }];
  });
  const weightSum = said.reduce((sum, { part }) => sum + part.weight, 0);
  return said.map((each) => ({ ...each, share: each.part.weight / weightSum }));
}
