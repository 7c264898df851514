const figures = 'effect lower upper pValue chanceToWin expectedLoss significant';
const arms = 'control: { n: 1000, sum: 100 }, treatment: { n: 1000, sum: 160 }';

/** Asks every calculator for everything. */
export const everyCalculation = `{
  compareVariants(input: { ${arms} }) { ${figures} }
  bayesian: compareVariants(input: { ${arms}, method: BAYESIAN, relative: false }) { ${figures} }
  sampleSize(input: { baselineMean: 0.1, baselineVariance: 0.09, usersPerWeek: 4500, relativeEffect: 0.3 }) {
    power minimumDetectableEffect weeksNeeded }
  sampleRatio(observed: [310, 98], weights: [0.75, 0.25]) { pValue mismatch }
  adjustPValues(pValues: [0.01, 0.04], method: HOLM)
}`;

/** What is answered, rounding and more figures apart. */
export const everyResult = {
  compareVariants: { significant: true, chanceToWin: null },
  bayesian: { significant: true, pValue: null },
  sampleSize: { weeksNeeded: 1 },
  sampleRatio: { mismatch: false },
  adjustPValues: [0.02, 0.04],
};

/** Calculations that are refused: what is wrong, query, variables, code. */
export const refusedCalculations: readonly [what: string, query: string, variables: object, code: string][] =
  [
    [
      'weights that do not add up',
      '{ sampleRatio(observed: [1, 2], weights: [0.5, 0.6]) { pValue } }',
      {},
      'BAD_USER_INPUT',
    ],
    [
      'an infinite weight',
      '{ sampleRatio(observed: [1], weights: [1e999]) { pValue } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a p-value of 2', '{ adjustPValues(pValues: [2], method: HOLM) }', {}, 'BAD_USER_INPUT'],
    ...[
      { usersPerWeek: 0 },
      { usersPerWeek: -1 },
      { baselineVariance: 0 },
      { baselineVariance: null },
      { alpha: 0 },
      { alpha: 1 },
      { targetPower: 1 },
      { looks: 1e9, method: 'SEQUENTIAL' },
    ].map((wrong) => refusedPlan(wrong)),
    ...[
      { control: { n: 0, sum: 0 } },
      { control: { n: 1, sum: 1 } },
      { control: { n: -5, sum: 1 } },
      { control: { n: 10, sum: 0 }, treatment: { n: 10, sum: 0 } },
      { control: { n: 10, sum: 11 } },
      { control: { n: 10, sum: 100, sumSquares: 999 } },
      { alpha: 0 },
      { alpha: 1 },
      { sequentialTuning: 0, method: 'SEQUENTIAL' },
    ].map((wrong) => refusedComparison(wrong)),
  ];

function refusedPlan(wrong: object): [what: string, query: string, variables: object, code: string] {
  const input = { baselineMean: 1, baselineVariance: 1, usersPerWeek: 100, relativeEffect: 0.1, ...wrong };
  const query = 'query ($input: SampleSizeInput!) { sampleSize(input: $input) { power } }';
  return [`a plan with ${JSON.stringify(wrong)}`, query, { input }, 'BAD_USER_INPUT'];
}

function refusedComparison(wrong: object): [what: string, query: string, variables: object, code: string] {
  const input = { control: { n: 100, sum: 10 }, treatment: { n: 100, sum: 20 }, ...wrong };
  const query = 'query ($input: CompareVariantsInput!) { compareVariants(input: $input) { effect } }';
  return [`a comparison with ${JSON.stringify(wrong)}`, query, { input }, 'BAD_USER_INPUT'];
}
