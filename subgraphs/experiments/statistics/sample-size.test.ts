import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSampleSize, type ExperimentPlan, type PlannedSampleSize } from './sample-size.ts';

const plan: ExperimentPlan = {
  method: 'FIXED_HORIZON',
  alpha: 0.05,
  looks: 1,
  sequentialTuning: 5000,
  baselineMean: 10,
  baselineVariance: 3909.9997749994377,
  usersPerWeek: 400_000,
  variants: 3,
  relativeEffect: 0.05,
  targetPower: 0.8,
  weeks: 1,
};
const clicks = { ...plan, baselineMean: 0.1, baselineVariance: 0.09, usersPerWeek: 4500 };
const revenue = { ...clicks, baselineVariance: 0.5, relativeEffect: 0.3 };

function planned(input: ExperimentPlan): Extract<PlannedSampleSize, { kind: 'planned' }> {
  const result = planSampleSize(input);
  if (result.kind !== 'planned') throw new Error(`The plan is ${result.kind}.`);
  return result;
}

// Published: the tests of GrowthBook's power calculator.
describe('planSampleSize, by published values', () => {
  it('has the power and the minimum detectable effect of a mean in three arms', () => {
    expect(planned(plan).power).toBeCloseTo(0.52144, 5);
    expect(planned(plan).minimumDetectableEffect).toBeCloseTo(0.07027, 5);
  });

  it.each([
    [1, 0.073, 0.36767, 0.17053, 1.26769],
    [2, 0.0965, 0.24505, 0.29389, 0.71941],
    [3, 0.1204, 0.19525, 0.41122, 0.54299],
    [5, 0.16895, 0.14774, 0.61037, 0.39208],
    [7, 0.21791, 0.12336, 0.75513, 0.32018],
    [8, 0.24235, 0.11491, 0.80886, 0.29603],
    [9, 0.26666, 0.10796, 0.85213, 0.27647],
  ])('has them of a rate and of revenue in week %i', (weeks, rate, rateEffect, mean, meanEffect) => {
    const [ofRate, ofRevenue] = [planned({ ...clicks, weeks }), planned({ ...revenue, weeks })];
    expect(ofRate.power).toBeCloseTo(rate, 5);
    expect(ofRate.minimumDetectableEffect).toBeCloseTo(rateEffect, 5);
    expect(ofRevenue.power).toBeCloseTo(mean, 5);
    expect(ofRevenue.minimumDetectableEffect).toBeCloseTo(meanEffect, 5);
    expect(ofRevenue.weeksNeeded).toBe(8);
  });
});

describe('planSampleSize', () => {
  it('agrees with itself: power at the least effect is the target, and weeks needed are the fewest', () => {
    const input = fc.record({
      method: fc.constantFrom<ExperimentPlan['method']>('FIXED_HORIZON', 'SEQUENTIAL', 'BAYESIAN'),
      looks: fc.integer({ min: 1, max: 12 }),
      alpha: fc.constantFrom(0.01, 0.05, 0.1),
      targetPower: fc.constantFrom(0.5, 0.8, 0.95),
      variants: fc.integer({ min: 2, max: 5 }),
      usersPerWeek: fc.integer({ min: 20_000, max: 10_000_000 }),
      relativeEffect: fc.double({ min: 0.02, max: 0.5, noNaN: true }),
      baselineVariance: fc.double({ min: 10, max: 5000, noNaN: true }),
    });
    fc.assert(
      fc.property(input, (changes) => {
        const tried = { ...plan, ...changes };
        const { minimumDetectableEffect, weeksNeeded } = planned(tried);
        const { power } = planned({ ...tried, relativeEffect: minimumDetectableEffect });
        // The closed form of a fixed horizon leaves out findings of the wrong sign.
        expect(power).toBeCloseTo(tried.targetPower, tried.method === 'SEQUENTIAL' ? 9 : 2);
        if (weeksNeeded === null) return;
        expect(planned({ ...tried, weeks: weeksNeeded }).power).toBeGreaterThanOrEqual(tried.targetPower);
        if (weeksNeeded === 1) return;
        expect(planned({ ...tried, weeks: weeksNeeded - 1 }).power).toBeLessThan(tried.targetPower);
      }),
      { numRuns: 40 },
    );
  });

  it('finds less sequentially, and more with every look', () => {
    const powers = [1, 2, 7, 28].map((looks) => planned({ ...plan, method: 'SEQUENTIAL', looks }).power);
    expect(powers).toEqual(powers.toSorted((one, other) => one - other));
    expect(planned(plan).power).toBeGreaterThan(powers.at(-1) ?? 1);
  });

  it('does not depend on the unit, nor on the sign of the baseline', () => {
    const expected = planned(plan);
    const scaled = planned({
      ...plan,
      baselineMean: -10_000,
      baselineVariance: plan.baselineVariance * 1e6,
    });
    expect(scaled.power).toBeCloseTo(expected.power, 12);
    expect(scaled.minimumDetectableEffect).toBeCloseTo(expected.minimumDetectableEffect, 12);
  });

  it('says that no increase is found where the baseline is within its error of 0', () => {
    expect(planSampleSize({ ...revenue, usersPerWeek: 300 })).toEqual({
      kind: 'undetectable',
      weeksNeeded: 118,
    });
    expect(planned({ ...plan, relativeEffect: 0 })).toMatchObject({ weeksNeeded: null });
    expect(planned({ ...plan, relativeEffect: 1e-6 }).weeksNeeded).toBeNull();
  });
});
