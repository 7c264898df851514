import { z } from 'zod';
import { badUserInput } from '#platform/errors/request-error.ts';
import { parseInput } from '../parse-input.ts';
import { leastUsersPerArm, planSampleSize, usersPerArmIn } from '../statistics/sample-size.ts';
import { from, probability, wholeFrom } from './bounds.ts';

/** What `SampleSize` of the schema tells of a plan. */
interface SampleSize {
  readonly power: number;
  readonly minimumDetectableEffect: number;
  readonly weeksNeeded: number | null;
}

/**
 * What the experiment of `input`, a `SampleSizeInput`, can find.
 * @throws RequestError `BAD_USER_INPUT` for a plan that makes no sense, and for one that could find no increase of any size.
 */
export function sampleSize(input: unknown): SampleSize {
  const plan = parseInput('input', planSchema, input);
  const planned = planSampleSize({ ...plan, sequentialTuning });
  if (planned.kind === 'planned') return planned;
  const users = Math.floor(usersPerArmIn(plan, plan.weeks));
  const advice =
    planned.weeksNeeded === null
      ? 'Even 10,000 weeks are not enough for the expected effect'
      : `The expected effect needs ${planned.weeksNeeded} weeks`;
  throw badUserInput(
    `With ${users} users for each variant the mean is too uncertain to find any increase, however large, with the target power. ${advice}.`,
  );
}

/** The schema's default for comparisons; a plan is for a test that is read with it. */
const sequentialTuning = 5_000;

const planSchema = z
  .object({
    baselineMean: z.number('must be a number').refine((mean) => mean !== 0, 'must not be 0'),
    baselineVariance: z.number('must be a number').gt(0, 'must be above 0'),
    usersPerWeek: wholeFrom(1, 2 ** 31 - 1),
    variants: wholeFrom(2, 20),
    relativeEffect: from(-1_000, 1_000),
    alpha: probability,
    targetPower: probability,
    method: z.enum(['FIXED_HORIZON', 'SEQUENTIAL', 'BAYESIAN']),
    weeks: wholeFrom(1, 520),
    looks: wholeFrom(1, 100),
  })
  .refine(({ alpha, targetPower }) => targetPower > alpha, {
    path: ['targetPower'],
    message: 'must be above alpha, which is the chance to find something where there is nothing',
  })
  .refine(
    ({ baselineMean, baselineVariance }) => {
      const relativeVariance = (Math.sqrt(baselineVariance) / baselineMean) ** 2;
      return relativeVariance > 1e-100 && relativeVariance < 1e100;
    },
    { path: ['baselineVariance'], message: 'must be nearer in size to the square of baselineMean' },
  )
  .refine((plan) => usersPerArmIn(plan, plan.weeks) >= leastUsersPerArm({ ...plan, sequentialTuning }), {
    path: ['usersPerWeek'],
    message: 'must give each variant 2 users or more, and at least as many as there are looks',
  });
