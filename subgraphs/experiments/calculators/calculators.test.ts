import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask } from './test/ask.ts';

const plan =
  'query ($input: SampleSizeInput!) { sampleSize(input: $input) { power minimumDetectableEffect weeksNeeded } }';
const inTwoWeeks = {
  baselineMean: 0.05,
  baselineVariance: 0.0475,
  usersPerWeek: 10_000,
  relativeEffect: 0.1,
  weeks: 2,
};
const split =
  'query ($o: [Int!]!, $w: [Float!]!) { sampleRatio(observed: $o, weights: $w) { pValue mismatch } }';
const adjust =
  'query ($p: [Float!]!, $m: PValueAdjustment! = HOLM) { adjustPValues(pValues: $p, method: $m) }';

describe('the calculators', () => {
  it('plan an experiment', async () => {
    const { data, codes } = await ask(plan, { input: inTwoWeeks });
    expect(codes).toEqual([]);
    expect(data).toEqual({
      sampleSize: {
        power: expect.closeTo(0.3387, 4),
        minimumDetectableEffect: expect.closeTo(0.1898, 4),
        weeksNeeded: 7,
      },
    });
    const sequential = await ask(plan, { input: { ...inTwoWeeks, method: 'SEQUENTIAL', looks: 14 } });
    expect(sequential.data.sampleSize.power).toBeLessThan(data.sampleSize.power);
    const bayesian = await ask(plan, { input: { ...inTwoWeeks, method: 'BAYESIAN' } });
    expect(bayesian.data).toEqual(data);
  });

  it('test a split and correct p-values', async () => {
    const { data } = await ask(split, { o: [310, 98], w: [0.75, 0.25] });
    expect(data).toEqual({ sampleRatio: { pValue: expect.closeTo(0.647434186, 9), mismatch: false } });
    expect((await ask(adjust, { p: [0.01, 0.04] })).data).toEqual({ adjustPValues: [0.02, 0.04] });
    const hochberg = await ask(adjust, { p: [0.03, 0.04], m: 'BENJAMINI_HOCHBERG' });
    expect(hochberg.data).toEqual({ adjustPValues: [0.04, 0.04] });
    expect((await ask(adjust, { p: [] })).data).toEqual({ adjustPValues: [] });
  });

  it.each([
    ['input.baselineMean must not be 0.', { baselineMean: 0 }],
    ['input.baselineVariance must be above 0.', { baselineVariance: 0 }],
    ['input.baselineVariance must be above 0.', { baselineVariance: -1 }],
    ['input.baselineVariance must be nearer in size', { baselineVariance: 1e308, baselineMean: 1e-300 }],
    ['input.baselineVariance must be nearer in size', { baselineVariance: 1e-308, baselineMean: 1e300 }],
    ['input.usersPerWeek must be a whole number from 1 to 2,147,483,647.', { usersPerWeek: 0 }],
    ['input.usersPerWeek must be a whole number from 1 to 2,147,483,647.', { usersPerWeek: -5 }],
    ['input.usersPerWeek must give each variant 2 users or more', { usersPerWeek: 1 }],
    ['input.usersPerWeek must give each variant 2', { usersPerWeek: 20, method: 'SEQUENTIAL', looks: 21 }],
    ['input.variants must be a whole number from 2 to 20.', { variants: 1 }],
    ['input.variants must be a whole number from 2 to 20.', { variants: 21 }],
    ['input.relativeEffect must be from -1,000 to 1,000.', { relativeEffect: 1e9 }],
    ['input.alpha must be 0.000000001 or more and below 1.', { alpha: 0 }],
    ['input.alpha must be 0.000000001 or more and below 1.', { alpha: 1 }],
    ['input.targetPower must be 0.000000001 or more and below 1.', { targetPower: 1 }],
    ['input.targetPower must be above alpha', { targetPower: 0.05 }],
    ['input.weeks must be a whole number from 1 to 520.', { weeks: 0 }],
    ['input.weeks must be a whole number from 1 to 520.', { weeks: 521 }],
    ['input.looks must be a whole number from 1 to 100.', { looks: 101, method: 'SEQUENTIAL' }],
    [
      'With 100 users for each variant the mean is too uncertain to find any increase, however large, with the target power. The expected effect needs 20 weeks.',
      { usersPerWeek: 200, weeks: 1, relativeEffect: 0.5 },
    ],
    ['Even 10,000 weeks are not enough', { usersPerWeek: 200, weeks: 1, relativeEffect: 0 }],
  ])('refuse a plan: %s', async (message, changes) => {
    const answer = await ask(plan, { input: { ...inTwoWeeks, ...changes } });
    expect(answer.codes).toEqual(['BAD_USER_INPUT']);
    expect(answer.message).toContain(message);
    expect(answer.data).toEqual({ sampleSize: null });
  });

  it.each([
    ['The weights must add up to 1, and add up to 1.1.', [1, 2], [0.5, 0.6]],
    ['There are 3 counts of users and 2 weights.', [1, 2, 3], [0.5, 0.5]],
    ['There must be two variants or more.', [1], [1]],
    ['Nobody has been observed.', [0, 0], [0.5, 0.5]],
    ['observed.1 must be a whole number from 0 to 2,147,483,647.', [1, -2], [0.5, 0.5]],
    ['weights.0 must be above 0.', [1, 2], [0, 1]],
    ['weights.1 must be above 0.', [1, 2], [1.5, -0.5]],
    ['observed must be at most 100.', Array.from({ length: 101 }, () => 1), [1]],
  ])('refuse a split: %s', async (message, o, w) => {
    const answer = await ask(split, { o, w });
    expect([answer.codes, answer.message]).toEqual([['BAD_USER_INPUT'], message]);
  });

  it.each([
    ['pValues.1 must be from 0 to 1.', [0.5, 1.01]],
    ['pValues.0 must be from 0 to 1.', [-0.1]],
    ['pValues must be at most 1,000.', Array.from({ length: 1001 }, () => 0.5)],
  ])('refuse p-values: %s', async (message, p) => {
    const answer = await ask(adjust, { p });
    expect([answer.codes, answer.message]).toEqual([['BAD_USER_INPUT'], message]);
  });

  it('answer any plan with finite figures or with what is wrong', async () => {
    const size = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, 1, 1e-300, 1e300),
    );
    const input = fc.record({
      baselineMean: size,
      baselineVariance: size.map(Math.abs),
      usersPerWeek: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      variants: fc.integer({ min: 2, max: 20 }),
      relativeEffect: fc.double({ min: -1000, max: 1000, noNaN: true }),
      alpha: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(1e-300)),
      targetPower: fc.double({ min: 0, max: 1, noNaN: true }),
      method: fc.constantFrom('FIXED_HORIZON', 'SEQUENTIAL', 'BAYESIAN'),
      weeks: fc.integer({ min: 1, max: 520 }),
      looks: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(input, async (tried) => {
        const { codes, data, message } = await ask(plan, { input: tried });
        expect(['', 'BAD_USER_INPUT']).toContain(codes.join(' '));
        expect(message).toMatch(codes.length === 0 ? /^$/ : /\.$/);
        expect(data.sampleSize?.power ?? 0).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});
