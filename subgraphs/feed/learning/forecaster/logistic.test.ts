import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { fitLogistic, logistic, logitOf } from './logistic.ts';
import { solvePositiveDefinite } from './solve-positive-definite.ts';

const numbers = (length: number) =>
  fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: length, maxLength: length });

it('solves systems of equations', () => {
  fc.assert(
    fc.property(fc.array(numbers(4), { minLength: 4, maxLength: 8 }), numbers(4), (rows, x) => {
      // RᵀR + I is positive definite whatever R is.
      const matrix = Float64Array.from({ length: 16 }, (_, place) => {
        const [i, j] = [Math.floor(place / 4), place % 4];
        return rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), i === j ? 1 : 0);
      });
      const product = Float64Array.from({ length: 4 }, (_, i) =>
        x.reduce((sum, value, j) => sum + value * (matrix[i * 4 + j] ?? 0), 0),
      );
      for (const [i, value] of solvePositiveDefinite(matrix, product).entries()) {
        expect(value).toBeCloseTo(x[i] ?? 0, 6);
      }
    }),
  );
  expect(() => solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow(RangeError);
});

const problems = fc
  .record({
    rows: fc.array(numbers(2), { minLength: 3, maxLength: 30 }),
    targets: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }),
    penalty: fc.double({ min: 0.1, max: 10, noNaN: true }),
  })
  .map(({ rows, targets, penalty }) => ({
    rows: { width: 2, values: Float64Array.from(rows.flat()) },
    targets: Float64Array.from(targets.slice(0, rows.length)),
    penalty,
  }));

it('leaves no slope: the gradient of the penalised loss is 0 at the fit', () => {
  fc.assert(
    fc.property(problems, ({ rows, targets, penalty }) => {
      // Where every target is 0 or every one is 1 the intercept has no least value.
      fc.pre(targets.some((target) => target > 0.01) && targets.some((target) => target < 0.99));
      const fit = fitLogistic(rows, targets, penalty);
      const gradient = [0, ...[...fit.weights].map((weight) => -penalty * weight)];
      for (const [row, target] of targets.entries()) {
        const error = target - logistic(logitOf(fit, rows.values, row * 2));
        for (const [column, x] of [1, rows.values[row * 2] ?? 0, rows.values[row * 2 + 1] ?? 0].entries()) {
          gradient[column] = (gradient[column] ?? 0) + error * x;
        }
      }
      for (const value of gradient) expect(value).toBeCloseTo(0, 5);
    }),
  );
});

it('finds the coefficients that made the labels', () => {
  const random = seededRandom(5);
  const values = Float64Array.from({ length: 2 * 20_000 }, () => 4 * random() - 2);
  const truth = { intercept: -1, weights: Float64Array.of(2, -0.5) };
  const labels = Float64Array.from({ length: 20_000 }, (_, row) =>
    random() < logistic(logitOf(truth, values, row * 2)) ? 1 : 0,
  );
  const { intercept, weights } = fitLogistic({ width: 2, values }, labels, 1);
  expect(Math.abs(intercept - -1)).toBeLessThan(0.1);
  expect(Math.abs((weights[0] ?? 0) - 2)).toBeLessThan(0.1);
  expect(Math.abs((weights[1] ?? 0) - -0.5)).toBeLessThan(0.1);
});

it('stays finite where the classes can be told apart without error', () => {
  const { intercept, weights } = fitLogistic(
    { width: 1, values: Float64Array.of(-1, -1, 1, 1) },
    Float64Array.of(0, 0, 1, 1),
    1e-3,
  );
  expect(Number.isFinite(intercept)).toBe(true);
  expect(weights[0]).toBeGreaterThan(3);
});

it('is the logistic function without overflow', () => {
  expect([logistic(0), logistic(-1_000), logistic(1_000)]).toEqual([0.5, 0, 1]);
});
