import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rp3beta, type Rp3betaParameters } from './rp3beta.ts';
import { countsOf, matrixOf, neighboursOf, usersOf, type Neighbour } from './test/choice-matrix.ts';

/** The formula, by three loops over everything. */
function naive(
  itemCount: number,
  users: readonly (readonly number[])[],
  { k, alpha, beta }: Rp3betaParameters,
): Neighbour[][] {
  const counts = countsOf(itemCount, users);
  return counts.map((ownCount, item) =>
    counts
      .map((count, other): Neighbour => {
        let sum = 0;
        for (const items of users) {
          if (other !== item && items.includes(item) && items.includes(other)) sum += items.length ** -alpha;
        }
        return [other, sum === 0 ? 0 : ownCount ** -alpha * sum * count ** -beta];
      })
      .filter(([, score]) => score > 0)
      .toSorted(([a, scoreOfA], [b, scoreOfB]) => scoreOfB - scoreOfA || a - b)
      .slice(0, k),
  );
}

const cases = fc.integer({ min: 1, max: 14 }).chain((itemCount) =>
  fc.record({
    itemCount: fc.constant(itemCount),
    users: usersOf(itemCount),
    k: fc.integer({ min: 1, max: 16 }),
    alpha: fc.constantFrom(0, 0.5, 1, 1.3),
    beta: fc.constantFrom(0, 0.4, 0.6, 1),
  }),
);

describe('rp3beta', () => {
  it('equals the formula worked out by brute force', () => {
    fc.assert(
      fc.property(cases, ({ itemCount, users, ...parameters }) => {
        const neighbours = rp3beta(matrixOf(itemCount, users), parameters);
        for (const [item, expected] of naive(itemCount, users, parameters).entries()) {
          const actual = neighboursOf(neighbours, item);
          expect(actual.map(([other]) => other)).toEqual(expected.map(([other]) => other));
          for (const [index, [, score]] of actual.entries()) {
            expect(score).toBe(Math.fround(expected[index]?.[1] ?? Number.NaN));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives an example that can be checked by hand', () => {
    // Item 0 is chosen by both users, items 1 and 2 by one each, together with item 0.
    const neighbours = rp3beta(
      matrixOf(3, [
        [0, 1],
        [2, 0],
      ]),
      { k: 2, alpha: 1, beta: 1 },
    );
    expect(neighboursOf(neighbours, 0)).toEqual([
      [1, 0.25],
      [2, 0.25],
    ]);
    expect(neighboursOf(neighbours, 1)).toEqual([[0, 0.25]]);
  });

  it('keeps the lower number of equals', () => {
    const users = [[4, 3, 2, 1, 0]];
    const neighbours = rp3beta(matrixOf(5, users), { k: 2, alpha: 0.5, beta: 0.5 });
    expect(neighboursOf(neighbours, 4).map(([other]) => other)).toEqual([0, 1]);
    expect(neighboursOf(neighbours, 0).map(([other]) => other)).toEqual([1, 2]);
  });

  it('does not depend on the order of users or of their choices', () => {
    fc.assert(
      fc.property(cases, ({ itemCount, users, ...parameters }) => {
        const turned = users.toReversed().map((items) => items.toReversed());
        const scoresOf = (rows: readonly (readonly number[])[]): number[] => [
          ...rp3beta(matrixOf(itemCount, rows), parameters).scores,
        ];
        const scores = scoresOf(turned);
        // Sums are added up in another order.
        for (const [index, score] of scoresOf(users).entries()) expect(scores[index]).toBeCloseTo(score, 6);
      }),
    );
  });

  it('has nothing where nobody chose anything', () => {
    expect([...rp3beta(matrixOf(2, [[], []]), { k: 1, alpha: 0.5, beta: 0.6 }).items]).toEqual([-1, -1]);
    expect(rp3beta(matrixOf(0, []), { k: 3, alpha: 0.5, beta: 0.6 }).items).toHaveLength(0);
  });

  it('tells how far it is, up to the end', () => {
    const done: number[] = [];
    rp3beta(matrixOf(1200, [[0, 1]]), { k: 1, alpha: 0.5, beta: 0.6 }, (items) => done.push(items));
    expect(done).toEqual([500, 1000, 1200]);
  });
});
