import { expect, it } from 'vitest';
import { bootstrapDifference, bootstrapInterval, bootstrapMean, mean } from './bootstrap.ts';

it('agrees with the normal interval of a mean', () => {
  const users = Array.from({ length: 1_000 }, (_, index) => (index % 4 === 0 ? 1 : 0));
  const { mean: middle, low, high } = bootstrapInterval(users, mean);
  const error = Math.sqrt((0.25 * 0.75) / 1_000);
  expect(middle).toBe(0.25);
  expect(low).toBeGreaterThan(0.25 - 2.3 * error);
  expect(low).toBeLessThan(0.25 - 1.6 * error);
  expect(high).toBeGreaterThan(0.25 + 1.6 * error);
  expect(high).toBeLessThan(0.25 + 2.3 * error);
});

it('is the same each time', () => {
  const users = [0.1, 0.5, 0.9, 0.3];
  expect(bootstrapInterval(users, mean)).toEqual(bootstrapInterval(users, mean));
});

it('has a faster way for means, with the same result', () => {
  const users = Array.from({ length: 300 }, (_, index) => Math.sin(index) ** 2);
  const slow = bootstrapInterval(users, mean);
  const fast = bootstrapMean(Float64Array.from(users));
  expect(fast.mean).toBeCloseTo(slow.mean, 12);
  expect(fast.low).toBeCloseTo(slow.low, 12);
  expect(fast.high).toBeCloseTo(slow.high, 12);
});

it('compares two models user by user', () => {
  const easy = Float64Array.from({ length: 500 }, (_, index) => index % 2);
  const better = easy.map((value) => value + 0.01);
  const { mean: middle, low, high } = bootstrapDifference(better, easy);
  for (const value of [middle, low, high]) expect(value).toBeCloseTo(0.01, 12);
  expect(() => bootstrapDifference(easy, new Float64Array(3))).toThrow(RangeError);
});
