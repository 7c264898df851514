import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemGram, type GramParameters } from './item-gram.ts';
import { itemNeighbours, type NeighbourParameters } from './item-neighbours.ts';
import { toTraits } from './item-traits.ts';
import {
  countsOf,
  entriesOf,
  matrixOf,
  neighboursOf,
  usersOf,
  type Neighbour,
} from './test/choice-matrix.ts';
import { denseOf, element, inverse } from './test/dense-matrix.ts';

interface Case {
  readonly users: readonly (readonly number[])[];
  readonly entries: readonly { readonly vendor: string; readonly tags: readonly string[] }[];
}

const alone = { threads: 1, onProgress: () => undefined };

const casesOf = (itemCount: number) =>
  fc.record({
    users: usersOf(itemCount),
    entries: entriesOf(itemCount),
    k: fc.integer({ min: 1, max: 16 }),
    discount: fc.constantFrom(0, 0.15, 0.5),
    lambda: fc.constantFrom(1, 20),
    vendorWeight: fc.constantFrom(0, 4),
    tagWeight: fc.constantFrom(0, 2),
  });

/** The cosine of two items' tags, weighted by ln(items / items with the tag). */
function tagCosine({ entries }: Case, one: number, other: number): number {
  const idf = (tag: string): number =>
    Math.log(entries.length / entries.filter(({ tags }) => tags.includes(tag)).length);
  const [ownTags, otherTags] = [entries[one]?.tags ?? [], entries[other]?.tags ?? []];
  const length = (tags: readonly string[]): number =>
    Math.sqrt(tags.reduce((sum, tag) => sum + idf(tag) ** 2, 0));
  const common = ownTags
    .filter((tag) => otherTags.includes(tag))
    .reduce((sum, tag) => sum + idf(tag) ** 2, 0);
  return common === 0 ? 0 : common / (length(ownTags) * length(otherTags));
}

/** The gram matrix by its formula, pair by pair. */
function naiveGram(given: Case, { lambda, vendorWeight, tagWeight }: GramParameters): number[][] {
  const { users, entries } = given;
  return denseOf(entries.length, entries.length, (one, other) => {
    const common = users.filter((items) => items.includes(one) && items.includes(other)).length;
    const vendor = entries[one]?.vendor;
    const vendorItems = entries.filter((entry) => entry.vendor === vendor).length;
    const sameVendor = entries[other]?.vendor === vendor ? 1 / Math.sqrt(vendorItems) : 0;
    return (
      common +
      vendorWeight * sameVendor +
      tagWeight * tagCosine(given, one, other) +
      (one === other ? lambda : 0)
    );
  });
}

/** Every positive weight of EASE, the strongest first, by an inverse in double precision. */
function naiveNeighbours(given: Case, parameters: NeighbourParameters): Neighbour[][] {
  const itemCount = given.entries.length;
  const counts = countsOf(itemCount, given.users);
  const inverted = inverse(naiveGram(given, parameters));
  return counts.map((_count, item) =>
    counts
      .map((count, other): Neighbour => {
        const weight = -element(inverted, item, other) / element(inverted, other, other);
        return [other, other === item ? 0 : weight * Math.max(1, count) ** -parameters.discount];
      })
      .filter(([, weight]) => weight > 1e-6)
      .toSorted(([, a], [, b]) => b - a),
  );
}

const cases = fc.integer({ min: 1, max: 14 }).chain(casesOf);

describe('itemGram', () => {
  it('equals its formula worked out pair by pair', () => {
    fc.assert(
      fc.property(cases, ({ users, entries, ...parameters }) => {
        const { values, stride, size } = itemGram(
          matrixOf(entries.length, users),
          toTraits(entries),
          parameters,
          alone.onProgress,
        );
        expect(size).toBe(entries.length);
        for (const [row, expected] of naiveGram({ users, entries }, parameters).entries()) {
          for (const [column, value] of expected.entries()) {
            expect(values[row * stride + column]).toBeCloseTo(value, 4);
          }
        }
      }),
    );
  });
});

describe('itemNeighbours', () => {
  it('equals EASE worked out by a plain inverse', async () => {
    await fc.assert(
      fc.asyncProperty(casesOf(30), async ({ users, entries, ...parameters }) => {
        const neighbours = await itemNeighbours(
          matrixOf(entries.length, users),
          toTraits(entries),
          parameters,
          alone,
        );
        for (const [item, expected] of naiveNeighbours({ users, entries }, parameters).entries()) {
          const weights = new Map(expected);
          const actual = neighboursOf(neighbours, item).filter(([, weight]) => weight > 1e-5);
          const wanted = expected.slice(0, parameters.k).filter(([, weight]) => weight > 1e-5);
          expect(Math.abs(actual.length - wanted.length)).toBeLessThanOrEqual(
            wanted.filter(([, weight]) => weight < 2e-5).length,
          );
          // Equal weights may change places by their last digits, so each place is compared by its weight.
          for (const [place, [other, weight]] of actual.entries()) {
            expect(Math.abs(weight - (weights.get(other) ?? 0))).toBeLessThan(1e-3);
            expect(Math.abs(weight - (wanted[place]?.[1] ?? 0))).toBeLessThan(1e-3);
          }
        }
      }),
      // Each starts threads.
      { numRuns: 6 },
    );
  });

  it('has the same lists on two threads', async () => {
    const users = Array.from({ length: 90 }, (_, user) => [
      user % 40,
      (user * 7 + 3) % 40,
      (user * 3 + 1) % 40,
    ]);
    const choices = matrixOf(
      40,
      users.map((items) => [...new Set(items)]),
    );
    const traits = toTraits(
      Array.from({ length: 40 }, (_, item) => ({ vendor: `v${item % 6}`, tags: [`t${item % 5}`] })),
    );
    const parameters = { k: 8, discount: 0.15, lambda: 10, vendorWeight: 4, tagWeight: 2 };
    const one = await itemNeighbours(choices, traits, parameters, alone);
    const two = await itemNeighbours(choices, traits, parameters, { ...alone, threads: 2 });
    expect(two.items).toEqual(one.items);
    for (const [index, score] of one.scores.entries()) expect(two.scores[index]).toBeCloseTo(score, 5);
  });

  it('finds neighbours for what nobody chose along with anything, by vendor and by tags', async () => {
    const neighbours = await itemNeighbours(
      matrixOf(5, [[0, 1], [2], [3], [4]]),
      toTraits([
        { vendor: 'v', tags: [] },
        { vendor: 'w', tags: [] },
        { vendor: 'v', tags: [] },
        { vendor: 'x', tags: ['red'] },
        { vendor: 'y', tags: ['red'] },
      ]),
      { k: 2, discount: 0, lambda: 10, vendorWeight: 4, tagWeight: 2 },
      alone,
    );
    expect(neighboursOf(neighbours, 2)[0]?.[0]).toBe(0);
    expect(neighboursOf(neighbours, 3).map(([other]) => other)).toEqual([4]);
    expect(neighboursOf(neighbours, 4).map(([other]) => other)).toEqual([3]);
  });

  it('tells how far it is, up to the end', async () => {
    const shares: number[] = [];
    await itemNeighbours(
      matrixOf(1_100, [[0, 1]]),
      toTraits(Array.from({ length: 1_100 }, () => ({ vendor: '', tags: [] }))),
      { k: 1, discount: 0, lambda: 10, vendorWeight: 0, tagWeight: 0 },
      { threads: 1, onProgress: (share) => shares.push(share) },
    );
    expect(shares.length).toBeGreaterThan(3);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });
});
