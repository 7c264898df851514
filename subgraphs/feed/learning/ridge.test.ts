import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ridge, type SparseRows } from './ridge.ts';
import { denseOf, element, inverse, product, transposed, type Dense } from './test/dense-matrix.ts';

const values = fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true }));

function sparse(matrix: Dense, columnCount: number): SparseRows {
  const cells = matrix.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ column, value }])));
  const offsets = new Int32Array(matrix.length + 1);
  for (const [row, list] of cells.entries()) offsets[row + 1] = (offsets[row] ?? 0) + list.length;
  return {
    columnCount,
    offsets,
    columns: Int32Array.from(cells.flat(), ({ column }) => column),
    values: Float64Array.from(cells.flat(), ({ value }) => value),
  };
}

/** (RᵀR + diag(penalties))⁻¹ · Rᵀ · T, each step by itself. */
function naive(rows: Dense, targets: Dense, penalties: readonly number[]): number[][] {
  const turned = transposed(rows);
  const gram = product(turned, rows).map((row, index) =>
    row.map((value, column) => (index === column ? value + (penalties[index] ?? 0) : value)),
  );
  return product(inverse(gram), product(turned, targets));
}

const cases = fc
  .record({
    rowCount: fc.integer({ min: 1, max: 12 }),
    columnCount: fc.integer({ min: 1, max: 8 }),
    width: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ rowCount, columnCount, width }) => {
    const list = (length: number) => fc.array(values, { minLength: length, maxLength: length });
    return fc.record({
      columnCount: fc.constant(columnCount),
      width: fc.constant(width),
      rows: fc.array(list(columnCount), { minLength: rowCount, maxLength: rowCount }),
      targets: fc.array(list(width), { minLength: rowCount, maxLength: rowCount }),
      penalties: fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), {
        minLength: columnCount,
        maxLength: columnCount,
      }),
    });
  });

describe('ridge', () => {
  it('agrees with the normal equations solved by an inverse', () => {
    fc.assert(
      fc.property(cases, ({ columnCount, width, rows, targets, penalties }) => {
        const solved = ridge(
          sparse(rows, columnCount),
          { width, values: Float64Array.from(targets.flat()) },
          Float64Array.from(penalties),
        );
        expect(solved.width).toBe(width);
        const expected = naive(rows, targets, penalties);
        const actual = denseOf(
          columnCount,
          width,
          (row, column) => solved.values[row * width + column] ?? Number.NaN,
        );
        for (let column = 0; column < width; column++) {
          const scale = Math.max(1, ...expected.map((row) => Math.abs(row[column] ?? 0)));
          for (let row = 0; row < columnCount; row++) {
            const difference = element(actual, row, column) - element(expected, row, column);
            expect(Math.abs(difference) / scale).toBeLessThan(1e-3);
          }
        }
      }),
    );
  });

  it('draws everything towards 0 with its penalty, and gives 0 to what no row has', () => {
    const rows = sparse([[1, 0]], 2);
    const targets = { width: 1, values: Float64Array.of(6) };
    const weightsAt = (penalty: number): number[] => [
      ...ridge(rows, targets, Float64Array.of(penalty, penalty)).values,
    ];
    expect(weightsAt(1)).toEqual([3, 0]);
    expect(weightsAt(2)).toEqual([2, 0]);
    expect(weightsAt(5)).toEqual([1, 0]);
  });

  it('has nothing to say without rows', () => {
    const none = {
      columnCount: 2,
      offsets: new Int32Array(1),
      columns: new Int32Array(),
      values: new Float64Array(),
    };
    expect([...ridge(none, { width: 2, values: new Float64Array() }, Float64Array.of(1, 1)).values]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});
