import { describe, expect, it } from 'vitest';
import { estimateArm } from '../../subgraphs/experiments/statistics/estimate-arm.ts';
import { addArms, bernoulli, buyers, lognormal, normal, normalBySums } from './populations.ts';
import { RandomStream } from './random-stream.ts';

describe('the populations', () => {
  it.each([normal(2, 3), normalBySums(2, 3), lognormal(0.5), bernoulli(0.05), buyers(0.1, 0.5)])(
    'have the mean and the variance that they say: $name',
    (population) => {
      const [n, arms] = [200, 1_000];
      const stream = new RandomStream(4);
      for (const effect of [0, 0.1]) {
        const drawn = Array.from({ length: arms }, () => population.draw(stream, n, effect));
        const all = estimateArm(drawn.reduce((a, b) => addArms(a, b)));
        if ('kind' in all) throw new Error(all.sentence);
        const standardError = Math.sqrt(all.variance / (n * arms));
        expect(Math.abs(all.mean / population.mean - 1 - effect)).toBeLessThan(
          (4 * standardError) / population.mean,
        );
        // The effect raises the spread where it multiplies.
        expect(all.variance / population.variance).toBeGreaterThan(0.96);
        expect(all.variance / population.variance).toBeLessThan(effect === 0 ? 1.04 : 1.27);
      }
    },
  );

  it('do not add a mean to a proportion', () => {
    const stream = new RandomStream(5);
    const [mean, share] = [normal(1, 1).draw(stream, 10, 0), bernoulli(0.5).draw(stream, 10, 0)];
    expect(() => addArms(mean, share)).toThrow('do not add up');
  });
});
