import { expect, it } from 'vitest';
import { bootstrapInterval, mean } from './bootstrap.ts';

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
