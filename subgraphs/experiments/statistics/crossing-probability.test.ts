import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossingProbability } from './crossing-probability.ts';
import { sequentialCriticalValue } from './sequential-critical-value.ts';

const constant = (looks: number): number[] => Array.from({ length: looks }, () => 1.959963984540054);

describe('crossingProbability', () => {
  it.each([
    [1, 0.05],
    [2, 0.083],
    [3, 0.107],
    [4, 0.126],
    [5, 0.142],
    [10, 0.193],
    [20, 0.248],
    [50, 0.32],
  ])('has the published chance to err in %i looks at 5 % (Armitage, McPherson, Rowe)', (looks, published) => {
    expect(crossingProbability(constant(looks))(0)).toBeCloseTo(published, 3);
  });

  it.each([
    [5, 2.413],
    [10, 2.555],
  ])('errs in 5 % with the critical value that Pocock published for %i looks', (looks, critical) => {
    const bounds = Array.from({ length: looks }, () => critical);
    expect(crossingProbability(bounds)(0)).toBeCloseTo(0.05, 4);
  });

  it('agrees with a simulation of the walk at 28 looks of a confidence sequence', () => {
    const looks = 28;
    const bounds = Array.from({ length: looks }, (_, look) =>
      sequentialCriticalValue((20_000 * (look + 1)) / looks, 0.05, 5000),
    );
    const walks = 20_000;
    const normal = seededNormal(7);
    const drift = 3;
    let crossed = 0;
    for (let walk = 0; walk < walks; walk++) {
      let sum = 0;
      for (let look = 0; look < looks; look++) {
        sum += drift / looks + normal() / Math.sqrt(looks);
        if (Math.abs(sum) < (bounds[look] ?? 0) * Math.sqrt((look + 1) / looks)) continue;
        crossed += 1;
        break;
      }
    }
    // Four standard errors of the simulation.
    expect(Math.abs(crossingProbability(bounds)(drift) - crossed / walks)).toBeLessThan(0.014);
  });

  it('is a probability that grows with the drift, whatever its sign, and with a further look', () => {
    const bounds = fc.array(fc.double({ min: 0.1, max: 40, noNaN: true }), { minLength: 1, maxLength: 12 });
    const drift = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(bounds, drift, drift, (criticalValues, one, other) => {
        const chance = crossingProbability(criticalValues);
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(chance(less)).toBeGreaterThanOrEqual(0);
        expect(chance(more)).toBeLessThanOrEqual(1);
        expect(chance(more)).toBeGreaterThanOrEqual(chance(less) - 1e-7);
        expect(chance(-more)).toBeCloseTo(chance(more), 12);
        expect(chance(more)).toBeGreaterThanOrEqual(
          crossingProbability(criticalValues.slice(-1))(more) - 1e-7,
        );
      }),
      { numRuns: 60 },
    );
  });
});

/** Normal variates by Box and Muller over a seeded generator (mulberry32). */
function seededNormal(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
