import { z } from 'zod';
import { badUserInput } from '#platform/errors/request-error.ts';
import { parseInput } from '../parse-input.ts';
import { compareArms } from '../statistics/compare-arms.ts';
import type { ComparisonMethod } from '../statistics/comparison.ts';
import type { ArmStatistics } from '../statistics/estimate-arm.ts';
import { probability } from './bounds.ts';

/** What `Comparison` of the schema tells; null is what the method does not know. */
interface ComparedVariants {
  readonly effect: number;
  readonly lower: number;
  readonly upper: number;
  readonly pValue: number | null;
  readonly chanceToWin: number | null;
  readonly expectedLoss: number | null;
  readonly significant: boolean;
}

/**
 * How the variants of `input`, a `CompareVariantsInput`, differ. The relative interval is always that of the delta method.
 * @throws RequestError `BAD_USER_INPUT` that says why they cannot be compared.
 */
export function compareVariants(input: unknown): ComparedVariants {
  const { control, treatment, method, relative, alpha, sequentialTuning } = parseInput(
    'input',
    comparisonSchema,
    input,
  );
  const result = compareArms(armOf(control), armOf(treatment), {
    method: methodOf(method, sequentialTuning),
    relative,
    alpha,
  });
  if (result.kind === 'invalid') throw badUserInput(result.sentence);
  const { effect, lower, upper, significant, evidence } = result;
  const judged =
    evidence.kind === 'p-value'
      ? { pValue: evidence.pValue, chanceToWin: null, expectedLoss: null }
      : { pValue: null, chanceToWin: evidence.chanceToWin, expectedLoss: evidence.expectedLoss };
  return { effect, lower, upper, significant, ...judged };
}

const statisticsSchema = z.object({
  n: z.int('must be a whole number').min(0, 'must not be below 0'),
  sum: z.number('must be a number'),
  sumSquares: z.number('must be a number').min(0, 'must not be below 0').nullish(),
});

const comparisonSchema = z
  .object({
    control: statisticsSchema,
    treatment: statisticsSchema,
    method: z.enum(['FIXED_HORIZON', 'SEQUENTIAL', 'BAYESIAN']),
    relative: z.boolean(),
    alpha: probability,
    sequentialTuning: z
      .number('must be a number')
      .gt(0, 'must be above 0')
      .max(1e12, 'must be at most 1,000,000,000,000'),
  })
  .refine(({ control, treatment }) => (control.sumSquares == null) === (treatment.sumSquares == null), {
    path: ['treatment', 'sumSquares'],
    message: 'must be given for both variants, or for neither where both are proportions',
  });

function armOf({ n, sum, sumSquares }: z.infer<typeof statisticsSchema>): ArmStatistics {
  return sumSquares == null
    ? { kind: 'proportion', n, successes: sum }
    : { kind: 'mean', n, sum, sumSquares };
}

function methodOf(
  method: z.infer<typeof comparisonSchema>['method'],
  sequentialTuning: number,
): ComparisonMethod {
  if (method === 'SEQUENTIAL') return { kind: 'sequential', tuning: sequentialTuning };
  return method === 'BAYESIAN' ? { kind: 'bayesian', prior: { kind: 'flat' } } : { kind: 'fixed-horizon' };
}
