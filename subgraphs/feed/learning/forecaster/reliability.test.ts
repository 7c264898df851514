import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeForecasts } from './reliability.ts';

const outcomes = fc.array(
  fc.record({ forecast: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), label: fc.constantFrom(0, 1) }),
  { minLength: 1, maxLength: 80 },
);

const judge = (rows: readonly { forecast: number; label: number }[]) =>
  judgeForecasts(
    Float64Array.from(rows, ({ forecast }) => forecast),
    Uint8Array.from(rows, ({ label }) => label),
  );

it('has an AUC that counts the pairs in the right order', () => {
  fc.assert(
    fc.property(outcomes, (rows) => {
      const [positives, negatives] = [1, 0].map((wanted) => rows.filter(({ label }) => label === wanted));
      const pairs = (positives ?? []).flatMap((one) =>
        (negatives ?? []).map((other) => (Math.sign(one.forecast - other.forecast) + 1) / 2),
      );
      fc.pre(pairs.length > 0);
      expect(judge(rows).auc).toBeCloseTo(pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 9);
    }),
  );
});

it('has no AUC where only one thing has happened', () => {
  expect(judge([{ forecast: 0.5, label: 1 }]).auc).toBeNull();
  expect(judge([{ forecast: 0.5, label: 0 }]).auc).toBeNull();
});

it('puts every forecast into one point, equal ones together and the lowest first', () => {
  fc.assert(
    fc.property(outcomes, (rows) => {
      const { points, count, positives, ece } = judge(rows);
      const sum = (of: (point: (typeof points)[number]) => number): number =>
        points.reduce((total, point) => total + of(point), 0);
      expect(sum((point) => point.count)).toBe(rows.length);
      expect(count).toBe(rows.length);
      expect(sum((point) => point.count * point.observed)).toBeCloseTo(positives, 9);
      expect(points.length).toBeLessThanOrEqual(15);
      const forecasts = points.map(({ forecast }) => forecast);
      expect(forecasts).toEqual(forecasts.toSorted((a, b) => a - b));
      expect(new Set(forecasts).size).toBe(forecasts.length);
      const gap = sum((point) => point.count * Math.abs(point.forecast - point.observed));
      expect(ece).toBeCloseTo(gap / rows.length, 9);
    }),
  );
});

it('finds no error in forecasts that come true as often as they say', () => {
  const rows = [0.1, 0.5, 0.9].flatMap((forecast) =>
    Array.from({ length: 10 }, (_, index) => ({ forecast, label: index < 10 * forecast ? 1 : 0 })),
  );
  expect(judge(rows).ece).toBeCloseTo(0, 12);
  expect(judge(rows.map(({ label }) => ({ forecast: 0.5, label }))).ece).toBeCloseTo(0, 12);
  expect(judge(rows.map(({ label }) => ({ forecast: 0.7, label }))).ece).toBeCloseTo(0.2, 12);
});
