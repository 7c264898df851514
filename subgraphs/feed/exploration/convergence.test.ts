import { describe, expect, it } from 'vitest';
import { convergenceOf, winShares } from './convergence.ts';
import { drawPosterior } from './posterior-draws.ts';

/** Ten arms, the first of which is better, after so many impressions of each. */
function convergenceAfter(trials: number) {
  const posteriors = Array.from({ length: 10 }, (_, arm) => {
    const rate = arm === 0 ? 0.2 : 0.1;
    return { alpha: 1 + rate * trials, beta: 1 + (1 - rate) * trials };
  });
  return convergenceOf(
    posteriors,
    posteriors.map((posterior, arm) => drawPosterior(posterior, String(arm))),
  );
}

describe('convergenceOf', () => {
  it('narrows, and comes to be sure of the best arm', () => {
    const steps = [0, 20, 200, 2_000].map(convergenceAfter);
    const deviations = steps.map(({ meanDeviation }) => meanDeviation);
    const tops = steps.map(({ topArmProbability }) => topArmProbability);
    expect(deviations).toEqual(deviations.toSorted((a, b) => b - a));
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
    expect(tops.at(-1)).toBe(1);
  });

  it('is nothing without arms', () => {
    expect(convergenceOf([], [])).toEqual({ meanDeviation: 0, topArmProbability: 0 });
  });
});

it('shares the rows out among the arms', () => {
  expect(winShares([Float32Array.of(1, 0, 1, 0), Float32Array.of(0, 1, 0.5, 0)])).toEqual(
    Float64Array.of(0.75, 0.25),
  );
});
