import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaDeviation, betaMean, betaSampler, type Beta } from './beta.ts';
import { seededRandom } from '../learning/seeded-random.ts';

const shape = fc.double({ min: 0.05, max: 2_000, noNaN: true });

describe('betaSampler', () => {
  it.each<Beta>([
    { alpha: 1, beta: 1 },
    { alpha: 0.3, beta: 5 },
    { alpha: 12, beta: 140 },
  ])('draws with the mean and deviation of $alpha, $beta', (beta) => {
    const sample = betaSampler(seededRandom(7));
    const draws = Array.from({ length: 20_000 }, () => sample(beta));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    // Five standard errors of the mean; the deviation within 5 %.
    expect(Math.abs(mean - betaMean(beta))).toBeLessThan((5 * betaDeviation(beta)) / Math.sqrt(draws.length));
    expect(Math.sqrt(variance) / betaDeviation(beta)).toBeCloseTo(1, 1);
  });

  it('stays within 0 and 1, and is the same for a seed', () => {
    fc.assert(
      fc.property(shape, shape, fc.integer(), (alpha, beta, seed) => {
        const draw = betaSampler(seededRandom(seed))({ alpha, beta });
        expect(draw >= 0 && draw <= 1).toBe(true);
        expect(betaSampler(seededRandom(seed))({ alpha, beta })).toBe(draw);
      }),
    );
  });
});
