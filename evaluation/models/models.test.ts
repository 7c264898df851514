import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pair } from '../metrics/split-saves.ts';
import { ease } from './ease.ts';
import { indexPairs } from './index-pairs.ts';
import { itemKnn } from './item-knn.ts';
import type { Model, Training } from './model.ts';
import { discountPopular } from './popularity-discount.ts';
import { pureSvd } from './pure-svd.ts';
import { random } from './random.ts';
import { rp3beta } from './rp3beta.ts';
import { topPop } from './top-pop.ts';

/** Users × items, true where chosen; everybody has one at least. */
const choices = fc
  .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 9 }))
  .chain(([users, items]) =>
    fc.array(fc.array(fc.boolean(), { minLength: items, maxLength: items }), {
      minLength: users,
      maxLength: users,
    }),
  )
  .map((rows) =>
    rows.map((row, user) => row.map((chosen, item) => chosen || (user + item) % row.length === 0)),
  );

function pairsOf(rows: readonly (readonly boolean[])[]): Pair[] {
  return rows.flatMap((row, user) =>
    row.flatMap((chosen, item) => (chosen ? [{ userId: String(user), itemId: String(item) }] : [])),
  );
}

/** Scores of the user of number 0, by item id. */
async function scoresOf(model: Model, rows: readonly (readonly boolean[])[]): Promise<number[]> {
  const { training, itemsOf } = indexPairs(pairsOf(rows));
  const scorer = await model.fit(training);
  const scores = new Float64Array(training.itemCount);
  scorer({ userId: '0', items: itemsOf('0') }, scores);
  return (rows[0] ?? []).map((_, item) => scores[training.itemIds.indexOf(String(item))] ?? 0);
}

/** How many users two items share. */
function shared(rows: readonly (readonly boolean[])[], left: number, right: number): number {
  return rows.filter((row) => row[left] === true && row[right] === true).length;
}

/** The largest difference between a model's scores and what a formula over an item and the user's items says. */
async function errorOf(
  model: Model,
  rows: readonly (readonly boolean[])[],
  expected: (item: number, own: readonly number[]) => number,
): Promise<number> {
  const own = (rows[0] ?? []).flatMap((chosen, item) => (chosen ? [item] : []));
  const scores = await scoresOf(model, rows);
  return Math.max(...scores.map((score, item) => Math.abs(score - expected(item, own))));
}

describe('models of items with training pairs', () => {
  it('score as their formulas say, with all neighbours', async () => {
    await fc.assert(
      fc.asyncProperty(choices, async (rows) => {
        const count = (item: number): number => shared(rows, item, item);
        const sum = (own: readonly number[], weight: (from: number) => number): number =>
          own.reduce((total, from) => total + weight(from), 0);
        expect(await errorOf(topPop(), rows, count)).toBe(0);
        for (const list of ['candidate', 'history'] as const) {
          const error = await errorOf(itemKnn({ k: 'all', shrink: 2, list }), rows, (item, own) =>
            sum(own, (from) =>
              from === item ? 0 : shared(rows, from, item) / (Math.sqrt(count(from) * count(item)) + 2),
            ),
          );
          expect(error).toBeLessThan(1e-6);
        }
        const error = await errorOf(rp3beta({ k: 'all', alpha: 0.5, beta: 0.6 }), rows, (item, own) =>
          sum(own, (from) => {
            if (from === item || count(item) === 0) return 0;
            const both = rows.filter((row) => row[from] === true && row[item] === true);
            const walks = both.reduce((total, row) => total + row.filter(Boolean).length ** -0.5, 0);
            return count(from) ** -0.5 * walks * count(item) ** -0.6;
          }),
        );
        expect(error).toBeLessThan(1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('cut the neighbours of the item that is named', async () => {
    // 0 and 1 are always together; 2 and 3 come with either, once.
    const rows = [
      [true, false, false, false],
      [true, true, false, false],
      [true, true, false, false],
      [true, false, true, false],
      [false, false, true, true],
    ];
    const all = await scoresOf(itemKnn({ k: 'all', shrink: 0, list: 'history' }), rows);
    const history = await scoresOf(itemKnn({ k: 1, shrink: 0, list: 'history' }), rows);
    const candidate = await scoresOf(itemKnn({ k: 1, shrink: 0, list: 'candidate' }), rows);
    expect(history).toEqual([0, all[1], 0, 0]);
    // The nearest of 2 is 3, not the user's 0.
    expect(candidate).toEqual([0, all[1], 0, 0]);
    const walks = await scoresOf(rp3beta({ k: 'all', alpha: 0.5, beta: 0.6 }), rows);
    const cut = await scoresOf(rp3beta({ k: 1, alpha: 0.5, beta: 0.6 }), rows);
    expect(cut.filter((score) => score > 0)).toHaveLength(1);
    expect(Math.max(...cut)).toBeCloseTo(Math.max(...walks), 6);
  });

  it('project onto all singular vectors what lies in their span', async () => {
    await fc.assert(
      fc.asyncProperty(choices, async (rows) => {
        const scores = await scoresOf(pureSvd({ rank: 9 }), rows);
        for (const [item, score] of scores.entries()) {
          expect(score).toBeCloseTo(rows[0]?.[item] === true ? 1 : 0, 6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('learn with EASE what least squares says', async () => {
    // Two items, always together: with C = [[3, 3], [3, 3]] and λ = 1, P_01 / P_11 = −3 / 4.
    const rows = [
      [true, true],
      [true, true],
      [true, true],
    ];
    const scores = await scoresOf(ease({ lambda: 1 }), rows);
    for (const score of scores) expect(score).toBeCloseTo(0.75, 5);
  });

  it('hold popular items back where a score is positive', () => {
    const training: Training = indexPairs(
      pairsOf([
        [true, true],
        [true, false],
      ]),
    ).training;
    const scores = new Float64Array(2);
    discountPopular(
      (_user, into) => into.set([3, -3]),
      training,
      1,
    )({ userId: '0', items: new Int32Array() }, scores);
    expect([...scores]).toEqual([1.5, -3]);
  });

  it('give everybody another random order, the same each time', async () => {
    const rows = [[true, true, true, true]];
    expect(await scoresOf(random(), rows)).toEqual(await scoresOf(random(), rows));
    expect(new Set(await scoresOf(random(), rows)).size).toBe(4);
  });
});
