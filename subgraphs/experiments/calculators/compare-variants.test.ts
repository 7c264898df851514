import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask } from './test/ask.ts';

const query = `query ($input: CompareVariantsInput!) { compareVariants(input: $input) {
  effect lower upper pValue chanceToWin expectedLoss significant } }`;
const control = { n: 3407, sum: 1396.87, sumSquares: 52377.9767 };
const treatment = { n: 3461, sum: 2422.7, sumSquares: 134698.29 };

const compare = async (input: object) => (await ask(query, { input })).data.compareVariants;

describe('compareVariants', () => {
  it('has the published values of means and of proportions', async () => {
    expect(await compare({ control, treatment })).toEqual({
      effect: expect.closeTo(0.70732, 5),
      lower: expect.closeTo(-0.03526, 5),
      upper: expect.closeTo(1.44989, 5),
      pValue: expect.closeTo(0.06191, 5),
      chanceToWin: null,
      expectedLoss: null,
      // By the absolute test, whose p-value is 0.02016.
      significant: true,
    });
    expect(await compare({ control, treatment, relative: false })).toMatchObject({
      effect: expect.closeTo(0.29, 5),
      lower: expect.closeTo(0.04538, 5),
      upper: expect.closeTo(0.53462, 5),
      pValue: expect.closeTo(0.02016, 5),
      significant: true,
    });
    const proportions = { control: { n: 28, sum: 14 }, treatment: { n: 30, sum: 16 } };
    expect(await compare(proportions)).toMatchObject({
      effect: expect.closeTo(0.06667, 5),
      lower: expect.closeTo(-0.47767, 5),
      upper: expect.closeTo(0.61101, 5),
      pValue: expect.closeTo(0.80707, 5),
      significant: false,
    });
  });

  it('is wider the more often it may be looked at, and narrowest at the tuning', async () => {
    const fixed = await compare({ control, treatment });
    const widths = [];
    for (const sequentialTuning of [100, 6868, 1_000_000]) {
      const { lower, upper, pValue, chanceToWin } = await compare({
        control,
        treatment,
        method: 'SEQUENTIAL',
        sequentialTuning,
      });
      expect([pValue > fixed.pValue, chanceToWin]).toEqual([true, null]);
      widths.push(upper - lower);
    }
    const [early = 0, planned = 0, late = 0] = widths;
    expect(planned).toBeGreaterThan(fixed.upper - fixed.lower);
    expect(Math.min(early, late)).toBeGreaterThan(planned);
  });

  it('has the normal posterior of a flat prior for BAYESIAN', async () => {
    const bayesian = await compare({ control, treatment, method: 'BAYESIAN', relative: false });
    expect(bayesian).toMatchObject({ pValue: null, significant: true, effect: expect.closeTo(0.29, 5) });
    // The standard error is 0.12479 (0.24462 by the interval above over 1.96), so z = 2.3239.
    expect(bayesian.chanceToWin).toBeCloseTo(0.98994, 4);
    expect(bayesian.expectedLoss).toBeCloseTo(0.12479 * 0.00343, 4);
    const halves = { control: { n: 100, sum: 50 }, treatment: { n: 100, sum: 50 }, method: 'BAYESIAN' };
    const { chanceToWin, expectedLoss } = await compare({ ...halves, relative: false });
    expect(chanceToWin).toBe(0.5);
    // A normal of standard error 0.0707 about 0 loses 0.0707 φ(0) on average.
    expect(expectedLoss).toBeCloseTo(Math.sqrt(0.005) / Math.sqrt(2 * Math.PI), 9);
  });

  it.each([
    [/at least 2 users/, { control: { n: 0, sum: 0, sumSquares: 0 } }],
    [/at least 2 users/, { control: { n: 1, sum: 1, sumSquares: 1 } }],
    [/^input\.control\.n must not be below 0\.$/, { control: { n: -5, sum: 1, sumSquares: 1 } }],
    [/same value/, { control: { n: 10, sum: 20, sumSquares: 40 } }],
    [/sum of squares/, { control: { n: 10, sum: 100, sumSquares: 999 } }],
    [/^input\.treatment\.sumSquares must not be below 0\.$/, { treatment: { ...treatment, sumSquares: -1 } }],
    [/^input\.treatment\.sumSquares must be given for both/, { treatment: { n: 10, sum: 2 } }],
    [/successes/, { control: { n: 10, sum: 11 }, treatment: { n: 10, sum: 2 } }],
    [/successes/, { control: { n: 10, sum: -1 }, treatment: { n: 10, sum: 2 } }],
    [/same value/, { control: { n: 10, sum: 0 }, treatment: { n: 10, sum: 2 } }],
    [/control mean is 0/, { control: { n: 10, sum: 0, sumSquares: 10 } }],
    [/too large or too small/, { control: { n: 10, sum: 1e-200, sumSquares: 1 } }],
    [/^input\.alpha must be 0\.000000001 or more and below 1\.$/, { alpha: 0 }],
    [/^input\.alpha must be 0\.000000001 or more and below 1\.$/, { alpha: 1 }],
    [/^input\.sequentialTuning must be above 0\.$/, { sequentialTuning: 0, method: 'SEQUENTIAL' }],
  ])('refuses what cannot be compared: %s', async (message, changes) => {
    const answer = await ask(query, { input: { control, treatment, ...changes } });
    expect(answer.codes).toEqual(['BAD_USER_INPUT']);
    expect(answer.message).toMatch(message);
  });

  it('answers anything with finite figures that agree, or with what is wrong', async () => {
    const sum = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      fc.constantFrom(0, 1, 1e9, 1e300),
    );
    const arm = fc.oneof(
      fc.record({
        n: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
        sum,
        sumSquares: fc.option(sum.map(Math.abs)),
      }),
      fc.nat(2 ** 31 - 1).chain((n) => fc.record({ n: fc.constant(n), sum: fc.nat(n) })),
    );
    const input = fc.record({
      control: arm,
      treatment: arm,
      method: fc.constantFrom('FIXED_HORIZON', 'SEQUENTIAL', 'BAYESIAN'),
      relative: fc.boolean(),
      alpha: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1e-300, 1 - 1e-15)),
      sequentialTuning: fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.constant(5000)),
    });
    await fc.assert(
      fc.asyncProperty(input, async (tried) => {
        const { data, codes, message } = await ask(query, { input: tried });
        const { effect = 0, lower = 0, upper = 0 } = data.compareVariants ?? {};
        expect(['', 'BAD_USER_INPUT']).toContain(codes.join(' '));
        expect(message).toMatch(codes.length === 0 ? /^$/ : /\.$/);
        expect(lower).toBeLessThanOrEqual(effect);
        expect(upper).toBeGreaterThanOrEqual(effect);
      }),
      { numRuns: 300 },
    );
  });
});
