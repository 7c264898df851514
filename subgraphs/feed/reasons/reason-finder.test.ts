import { describe, expect, it } from 'vitest';
import type { Candidate, FeedQuery, ReasonRecord, ScorePart } from '../pipeline/component.ts';
import { popularityHalfLifeMs } from '../interactions/popularity.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { daysAgo } from '../test/catalogue.ts';
import { start } from '../test/open-feed.ts';
import { similaritiesOf, tasteOf } from '../test/taste.ts';
import { traitFeatures } from '../test/traits.ts';
import { reasonBySource, reasonFinder } from './reason-finder.ts';

const part = (name: string): ScorePart => ({ name, weight: 1, latencyMs: 0 });
const parts = ['archivist', 'serendipity', 'discovery', 'quality'].map((name) => part(name));
/** Somebody who has chosen `liked` and the vendor `known`, follows `followed`, and has neighbours. */
const taste = tasteOf({
  positives: ['chosen'],
  followedVendors: ['followed'],
  similarities: similaritiesOf({ near: 3, untouched: 3 }),
  vendors: new Map([['known', 1]]),
  tags: { weights: new Map([['liked', 1]]), length: 1 },
});
const popular = start.getTime() / popularityHalfLifeMs + 5;
const touched = { log2Popularity: popular };
const long = { publishedAt: new Date(daysAgo(400)) };

/** Why the candidate is shown, with the most popular of all beside it. */
function reasonOf(
  candidate: Candidate,
  { query = {}, values = [0.1, 0, 0, 0] }: { query?: Partial<FeedQuery>; values?: readonly number[] } = {},
): ReasonRecord {
  const candidates = [candidate, candidateOf('hit', { log2Popularity: popular + 2 })];
  const asked = queryOf({ taste, regions: ['FR'], ...query });
  return reasonFinder(asked, traitFeatures()(asked, candidates), parts)(candidate, 0, values);
}

describe('reasonFinder', () => {
  it.each([
    ['EDITORIAL', {}, 'EDITORS_PICK'],
    ['FOLLOWED', { vendorId: 'followed' }, 'FOLLOWED_VENDOR'],
    ['NEAREST', { tags: ['liked'] }, 'SIMILAR_TO_SAVED'],
    ['TRENDING', touched, 'TRENDING_IN_REGION'],
    ['FRESH', { publishedAt: start }, 'NEW_IN_REGION'],
    ['EXPLORATION', { tags: ['liked'], ...touched }, 'EXPLORING'],
  ] as const)('says what the source %s says', (source, facts, kind) => {
    expect(reasonOf(candidateOf('x', { ...long, ...facts }, { source })).kind).toBe(kind);
  });

  it('says what the strongest contribution means of what came by neighbours', () => {
    const near = candidateOf('near', { ...long, ...touched, tags: ['liked'] }, { source: 'COLLABORATIVE' });
    expect(reasonOf(near, { values: [0.3, 0.2, 0.1, 0.9] }).kind).toBe('SIMILAR_TO_SAVED');
    expect(reasonOf(near, { values: [0.1, 0.2, 0.1, 0.9] }).kind).toBe('LIKED_BY_SIMILAR_PEOPLE');
    expect(reasonOf(near, { values: [-1, -1, -1, 0.9] }).kind).toBe('LIKED_BY_SIMILAR_PEOPLE');
  });

  it('says nothing that is not true of the item', () => {
    const kindOf = (...given: Parameters<typeof reasonOf>): string => reasonOf(...given).kind;
    const of = (source: Candidate['source'], facts: Parameters<typeof candidateOf>[1], id = 'x') =>
      candidateOf(id, { ...long, ...facts }, { source });
    // Not alike, nobody has touched it, old, popular long ago, and of nobody whom the user follows.
    expect(kindOf(of('NEAREST', {}))).toBe('EXPLORING');
    expect(kindOf(of('COLLABORATIVE', {}, 'untouched'))).toBe('EXPLORING');
    expect(kindOf(of('FRESH', {}))).toBe('EXPLORING');
    expect(kindOf(of('TRENDING', { log2Popularity: popular - 50 }))).toBe('EXPLORING');
    expect(kindOf(of('FOLLOWED', {}))).toBe('EXPLORING');
    // Neither is known of somebody without choices.
    const nobody = { query: { taste: null } };
    expect(kindOf(of('COLLABORATIVE', touched, 'near'), nobody)).toBe('EXPLORING');
    expect(kindOf(of('NEAREST', { tags: ['liked'] }), nobody)).toBe('EXPLORING');
  });

  it('does not call popular what was touched once, years ago, however little else there is', () => {
    const old = candidateOf('x', { ...long, log2Popularity: popular - 50 }, { source: 'TRENDING' });
    const query = queryOf({ regions: ['FR'] });
    const find = reasonFinder(query, traitFeatures()(query, [old]), parts);
    expect(find(old, 0, [0, 0, 0, 0]).kind).toBe('EXPLORING');
  });

  it('names the region of a feed of one, and the category', () => {
    const fresh = candidateOf('x', { category: 'venues' }, { source: 'FRESH' });
    expect(reasonOf(fresh)).toEqual({ kind: 'NEW_IN_REGION', region: 'FR', category: 'venues' });
    expect(reasonOf(fresh, { query: { regions: ['FR', 'GB'] } }).region).toBeNull();
    expect(reasonOf(fresh, { query: { regions: null } }).region).toBeNull();
    expect(reasonOf(candidateOf('x', {}, { source: 'EDITORIAL' })).region).toBeNull();
  });

  it('of which only the source is known says what lasts', () => {
    expect(reasonBySource('FOLLOWED').kind).toBe('FOLLOWED_VENDOR');
    expect(reasonBySource('COLLABORATIVE').kind).toBe('LIKED_BY_SIMILAR_PEOPLE');
    expect(reasonBySource('FRESH').kind).toBe('EXPLORING');
    expect(reasonBySource('TRENDING').kind).toBe('EXPLORING');
  });
});
