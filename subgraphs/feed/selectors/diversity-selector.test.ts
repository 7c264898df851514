import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbers } from '#platform/vectors/test/vectors.ts';
import type { Candidate, FeedQuery } from '../pipeline/component.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { diversitySelector, type DiversityOptions } from './diversity-selector.ts';

interface Item {
  readonly vendor: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly score: number;
}

const tagNames = ['a', 'b', 'c', 'd', 'e', 'f'];
const items: fc.Arbitrary<Item[]> = fc.array(
  fc.record({
    vendor: fc.constantFrom('v', 'v', 'v', 'w', 'w', 'x', 'y'),
    category: fc.constantFrom('florals', 'florals', 'venues', 'food'),
    tags: fc.subarray(tagNames),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
);
const options: fc.Arbitrary<DiversityOptions> = fc.record({
  lambda: fc.constantFrom(0, 0.3, 0.55, 1),
  vendorCap: fc.integer({ min: 1, max: 4 }),
  categoryCap: fc.integer({ min: 2, max: 8 }),
  stretch: fc.integer({ min: 4, max: 12 }),
  pool: fc.integer({ min: 1, max: 80 }),
  positions: fc.constantFrom(0, 10, 1_000),
});
const roomy: DiversityOptions = { lambda: 0.55, vendorCap: 100, categoryCap: 100, stretch: 20, pool: 200 };

/** Candidates as the runner gives them: the best first. */
function candidatesOf(all: readonly Item[]): Candidate[] {
  return all
    .map(({ vendor, category, tags, score }, index) =>
      candidateOf(`item-${String(index).padStart(3, '0')}`, { vendorId: vendor, category, tags }, { score }),
    )
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

const select = (
  given: DiversityOptions,
  candidates: readonly Candidate[],
  query: FeedQuery = queryOf(),
): readonly Candidate[] => diversitySelector(given).select(query, candidates, candidates);
const vendorsOf = (list: readonly Candidate[]): string[] => list.map(({ facts }) => facts?.vendorId ?? '');
const categoriesOf = (list: readonly Candidate[]): string[] => list.map(({ facts }) => facts?.category ?? '');
const countIn = (names: readonly string[], name: string): number =>
  names.filter((other) => other === name).length;
const filterBy = (wanted: { vendorIds?: string[]; categories?: string[] }): FeedQuery =>
  queryOf({ filter: { ...queryOf().filter, ...wanted } });

/** The mean cosine of the tags of any two candidates. */
function meanSimilarity(list: readonly Candidate[]): number {
  const sets = list.map(({ facts }) => new Set(facts?.tags));
  let [sum, pairs] = [0, 0];
  for (const [index, one] of sets.entries()) {
    for (const other of sets.slice(index + 1)) {
      const common = one.intersection(other).size;
      sum += common === 0 ? 0 : common / Math.sqrt(one.size * other.size);
      pairs++;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

describe('diversitySelector', () => {
  it('loses nothing, invents nothing and changes no score', () => {
    fc.assert(
      fc.property(items, options, (all, given) => {
        const candidates = candidatesOf(all);
        const before = structuredClone(candidates);
        const selected = select(given, candidates);
        expect(selected).toHaveLength(candidates.length);
        expect(new Set(selected)).toEqual(new Set(candidates));
        expect(candidates).toEqual(before);
      }),
    );
  });

  it('keeps to the cap of vendors in each stretch while anybody else is left', () => {
    fc.assert(
      fc.property(items, options, (all, given) => {
        const selected = select(given, candidatesOf(all));
        for (let from = 0; from < selected.length; from += given.stretch) {
          for (let end = from + 1; end <= Math.min(from + given.stretch, selected.length); end++) {
            const before = vendorsOf(selected.slice(from, end - 1));
            const [vendor = ''] = vendorsOf(selected.slice(end - 1, end));
            if (countIn(before, vendor) < given.vendorCap) continue;
            const after = vendorsOf(selected.slice(end));
            expect(after.filter((other) => countIn(before, other) < given.vendorCap)).toEqual([]);
          }
        }
      }),
    );
  });

  it('keeps to the cap of categories in each stretch while anybody else has room', () => {
    fc.assert(
      fc.property(items, options, (all, given) => {
        const selected = select(given, candidatesOf(all));
        for (let from = 0; from < selected.length; from += given.stretch) {
          for (let end = from + 1; end <= Math.min(from + given.stretch, selected.length); end++) {
            const before = selected.slice(from, end - 1);
            const hasRoom = ({ facts }: Candidate): boolean =>
              countIn(vendorsOf(before), facts?.vendorId ?? '') < given.vendorCap &&
              countIn(categoriesOf(before), facts?.category ?? '') < given.categoryCap;
            const own = selected[end - 1];
            if (own === undefined || hasRoom(own)) continue;
            expect(selected.slice(end).filter(hasRoom)).toEqual([]);
          }
        }
      }),
    );
  });

  it('keeps to the cap of vendors where there is one category alone', () => {
    const all = Array.from({ length: 40 }, (_, index) => ({
      vendor: index < 20 ? 'big' : `small-${index}`,
      category: 'florals',
      tags: [],
      score: 1 - index / 40,
    }));
    const selected = select({ ...roomy, vendorCap: 3, categoryCap: 10 }, candidatesOf(all));
    expect(countIn(vendorsOf(selected.slice(0, 20)), 'big')).toBe(3);
  });

  it('with λ = 1 leaves the order to the score: each position has the best of those who have room', () => {
    fc.assert(
      fc.property(items, options, (all, given) => {
        const candidates = candidatesOf(all);
        const selected = select({ ...given, lambda: 1 }, candidates);
        const waiting = [...candidates];
        for (const [position, actual] of selected.entries()) {
          const stretch = selected.slice(position - (position % given.stretch), position);
          const vendorHasRoom = ({ facts }: Candidate): boolean =>
            countIn(vendorsOf(stretch), facts?.vendorId ?? '') < given.vendorCap;
          const categoryHasRoom = ({ facts }: Candidate): boolean =>
            countIn(categoriesOf(stretch), facts?.category ?? '') < given.categoryCap;
          const expected =
            waiting.find((candidate) => vendorHasRoom(candidate) && categoryHasRoom(candidate)) ??
            waiting.find(vendorHasRoom) ??
            waiting[0];
          expect(actual).toBe(expected);
          waiting.splice(waiting.indexOf(actual), 1);
        }
        // Where the caps leave room for everybody, that is the order of the scores.
        const open = { ...given, lambda: 1, vendorCap: 100, categoryCap: 100 };
        expect(select(open, candidates)).toEqual(candidates);
      }),
    );
  });

  it('begins with the best, whatever λ above 0', () => {
    fc.assert(
      fc.property(items, options, (all, given) => {
        if (given.lambda === 0) return;
        const candidates = candidatesOf(all);
        expect(select(given, candidates)[0]?.score).toBe(candidates[0]?.score);
      }),
    );
  });

  it('brings more different tags together than the order of the scores does', () => {
    const random = numbers(11);
    const differences = Array.from({ length: 20 }, () => {
      // What is liked has much in common, as the first of a feed do.
      const all = Array.from({ length: 100 }, () => {
        const score = random();
        const tags = tagNames.filter((_, place) => random() < (place < 2 ? score : 0.3));
        return { vendor: `v${Math.floor(random() * 40)}`, category: 'florals', tags, score };
      });
      const candidates = candidatesOf(all);
      const [mixed, plain] = [select(roomy, candidates), select({ ...roomy, lambda: 1 }, candidates)];
      return meanSimilarity(plain.slice(0, 20)) - meanSimilarity(mixed.slice(0, 20));
    });
    expect(Math.min(...differences)).toBeGreaterThan(0);
  });

  it('picks the other theme where two are as good, and leaves what lies behind `positions` to the score', () => {
    const all = ['a', 'a', 'a', 'b', 'b', 'b'].map((tag, index) => ({
      vendor: `v${index}`,
      category: 'florals',
      tags: [tag],
      score: 0.9 - index / 1_000,
    }));
    const tagsOf = (list: readonly Candidate[]): string => list.map(({ facts }) => facts?.tags[0]).join('');
    const [first, last] = [
      candidatesOf(all),
      candidatesOf(all.map((item) => ({ ...item, score: item.score / 2 }))),
    ];
    const least = candidatesOf([{ vendor: 'v', category: 'florals', tags: ['c'], score: 0 }]);
    const candidates = [...first, ...last, ...least];
    const given = { ...roomy, stretch: 6, lambda: 0.5 };
    expect(tagsOf(select({ ...given, positions: 6 }, candidates))).toMatch(/^ab[ab]{4}aaabbbc$/);
    expect(tagsOf(select({ ...given, positions: 0 }, candidates))).toBe('aaabbbaaabbbc');
  });

  it('lets what is over wait, and has it first in the next stretch', () => {
    const all = ['a', 'a', 'a', 'b', 'c', 'd'].map((vendor, index) => ({
      vendor,
      category: 'florals',
      tags: [],
      score: 1 - index / 10,
    }));
    const selected = select({ ...roomy, lambda: 1, vendorCap: 1, stretch: 3 }, candidatesOf(all));
    expect(vendorsOf(selected).join('')).toBe('abcada');
  });

  it('stops once the feed is full', () => {
    const all = Array.from({ length: 100 }, (_, index) => ({
      vendor: `vendor-${index % 2}`,
      category: 'florals',
      tags: [],
      score: 1 - index / 100,
    }));
    expect(select({ ...roomy, vendorCap: 3 }, candidatesOf(all), queryOf({ size: 25 }))).toHaveLength(40);
  });

  it('sets the cap aside of what is asked for by name, and keeps to the other', () => {
    const all = Array.from({ length: 60 }, (_, index) => ({
      vendor: index < 20 ? 'big' : `small-${index}`,
      category: index % 20 < 15 ? 'florals' : `category-${index}`,
      tags: [],
      score: 1 - index / 60,
    }));
    const given = { ...roomy, lambda: 1, vendorCap: 3, categoryCap: 10 };
    const firstPage = (query: FeedQuery): [big: number, florals: number] => {
      const page = select(given, candidatesOf(all), query).slice(0, 20);
      return [countIn(vendorsOf(page), 'big'), countIn(categoriesOf(page), 'florals')];
    };
    expect(firstPage(queryOf())).toEqual([3, 10]);
    expect(firstPage(filterBy({ vendorIds: ['big'] }))).toEqual([15, 10]);
    expect(firstPage(filterBy({ categories: ['florals'] }))).toEqual([3, 18]);
    expect(firstPage(filterBy({ vendorIds: ['big'], categories: ['florals'] }))).toEqual([20, 15]);
  });
});
