import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemVectors, type VectorParameters, type VectorTable } from './item-vectors.ts';
import { countsOf, matrixOf, usersOf } from './test/choice-matrix.ts';
import { denseOf, element, product, transposed } from './test/dense-matrix.ts';

const plain: VectorParameters = { dimensions: 40, userDiscount: 0.5, itemDiscount: 0.4 };
const make = (
  itemCount: number,
  users: readonly (readonly number[])[],
  parameters = plain,
): Promise<VectorTable> => itemVectors(matrixOf(itemCount, users), parameters, () => undefined);

const rowsOf = ({ dimensions, values }: VectorTable, itemCount: number): number[][] =>
  denseOf(itemCount, dimensions, (item, factor) => values[item * dimensions + factor] ?? Number.NaN);

/** AᵀA of the weighted matrix A, element by element. */
function naiveGram(
  itemCount: number,
  users: readonly (readonly number[])[],
  { userDiscount, itemDiscount }: VectorParameters,
): number[][] {
  const counts = countsOf(itemCount, users);
  const weighted = users.map((items) =>
    counts.map((count, item) =>
      items.includes(item) ? items.length ** (-userDiscount / 2) * Math.max(1, count) ** -itemDiscount : 0,
    ),
  );
  return users.length === 0
    ? denseOf(itemCount, itemCount, () => 0)
    : product(transposed(weighted), weighted);
}

const cases = fc.integer({ min: 1, max: 12 }).chain((itemCount) =>
  fc.record({
    itemCount: fc.constant(itemCount),
    users: usersOf(itemCount),
    userDiscount: fc.constantFrom(0, 0.5, 1),
    itemDiscount: fc.constantFrom(0, 0.4),
  }),
);

function cosine(table: VectorTable, one: number, other: number): number {
  const rows = rowsOf(table, Math.max(one, other) + 1);
  const inner = (a: number, b: number): number =>
    (rows[a] ?? []).reduce((sum, value, factor) => sum + value * (rows[b]?.[factor] ?? 0), 0);
  return inner(one, other) / Math.sqrt(inner(one, one) * inner(other, other));
}

describe('itemVectors', () => {
  // With E = V·√S: E·Eᵀ = V·S·Vᵀ, whose square is V·S²·Vᵀ = AᵀA.
  it('are the square root of what items have in common, where all dimensions are kept', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ itemCount, users, ...discounts }) => {
        const parameters = { ...plain, ...discounts };
        const rows = rowsOf(await make(itemCount, users, parameters), itemCount);
        const root = product(rows, transposed(rows));
        const square = product(root, root);
        for (const [row, expected] of naiveGram(itemCount, users, parameters).entries()) {
          for (const [column, value] of expected.entries()) {
            expect(Math.abs(element(square, row, column) - value)).toBeLessThan(1e-3);
          }
        }
      }),
    );
  });

  it('have dimensions at right angles, the one that tells most first', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ itemCount, users, ...discounts }) => {
        const table = await make(itemCount, users, { ...plain, ...discounts });
        const rows = rowsOf(table, itemCount);
        const between = product(transposed(rows), rows);
        const lengths = between.map((row, factor) => row[factor] ?? 0);
        for (const [row, values] of between.entries()) {
          for (const [column, value] of values.entries()) {
            expect(row === column ? 0 : Math.abs(value)).toBeLessThan(1e-3);
          }
        }
        for (const [factor, length] of lengths.slice(1).entries()) {
          expect(length).toBeLessThan((lengths[factor] ?? 0) + 1e-3);
        }
      }),
    );
  });

  it('are the same each time, and as many numbers as are asked for or there are items', async () => {
    const users = Array.from({ length: 60 }, (_, user) => [
      ...new Set([user % 20, (user * 3) % 20, (user * 7 + 1) % 20]),
    ]);
    const [once, again] = [await make(20, users), await make(20, users)];
    expect(once).toEqual(again);
    expect(once.dimensions).toBe(20);
    const short = await make(20, users, { ...plain, dimensions: 5 });
    expect(short.dimensions).toBe(5);
    // What is kept is the best of it, and a sign says nothing.
    for (let item = 0; item < 20; item++) {
      for (let factor = 0; factor < 5; factor++) {
        expect(Math.abs(short.values[item * 5 + factor] ?? 0)).toBeCloseTo(
          Math.abs(once.values[item * 20 + factor] ?? 0),
          4,
        );
      }
    }
  });

  it('point the same way for items of the same people, and nowhere for items of nobody', async () => {
    const table = await make(5, [
      [0, 1],
      [0, 1],
      [0, 1, 2],
      [2, 3],
      [2, 3],
    ]);
    expect(cosine(table, 0, 1)).toBeGreaterThan(0.9);
    expect(cosine(table, 0, 1)).toBeGreaterThan(cosine(table, 0, 2));
    expect(Math.abs(cosine(table, 0, 3))).toBeLessThan(0.2);
    const { dimensions, values } = table;
    expect(Math.hypot(...values.subarray(4 * dimensions))).toBeLessThan(1e-3);
  });

  it('are none where there is nothing to learn from', async () => {
    expect(await make(0, [])).toEqual({ dimensions: 0, values: new Float32Array() });
    expect((await make(2, [[], []])).values.every((value) => value === 0)).toBe(true);
  });
});
