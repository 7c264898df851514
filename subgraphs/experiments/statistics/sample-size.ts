import { powerOf, requiredDrift, type PlannedTest } from './power.ts';

/** What an experiment is expected to see, and how its one comparison is decided. */
export interface ExperimentPlan extends PlannedTest {
  readonly baselineMean: number;
  /** Of one user's value. The treatment's is taken to be the same. */
  readonly baselineVariance: number;
  /** All variants together; they share the users evenly. */
  readonly usersPerWeek: number;
  /** The control and the treatments. Each treatment is compared at `alpha` as it is, without a correction for their number. */
  readonly variants: number;
  /** The treatment's mean is expected to be baselineMean (1 + relativeEffect). */
  readonly relativeEffect: number;
  readonly targetPower: number;
  readonly weeks: number;
}

/** What a plan can find; or that it can find nothing. */
export type PlannedSampleSize =
  | {
      readonly kind: 'planned';
      /** The chance to find `relativeEffect` within `weeks`. */
      readonly power: number;
      /** The least increase, relative to the baseline, that is found with `targetPower` within `weeks`. */
      readonly minimumDetectableEffect: number;
      /** The least number of whole weeks in which `relativeEffect` is found with `targetPower`; null beyond 10,000. */
      readonly weeksNeeded: number | null;
    }
  | { readonly kind: 'undetectable'; readonly weeksNeeded: number | null };

const farthestWeek = 10_000;

/**
 * Power, minimum detectable effect and duration of `plan`. The standard error is the relative effect's by the delta method at
 * the effect itself: SE² = σ²/(n μ²) + σ² (1 + effect)²/(n μ²), with n users in each arm; the estimate is taken to be normal.
 * A plan whose control mean is less than a few standard errors from 0 finds no increase, however large: `undetectable`.
 */
export function planSampleSize(plan: ExperimentPlan): PlannedSampleSize {
  const { baselineMean, baselineVariance, relativeEffect, targetPower, weeks } = plan;
  const relativeVariance = (Math.sqrt(baselineVariance) / baselineMean) ** 2;
  const usersPerArm = usersPerArmIn(plan, weeks);
  const power = powerOf(plan, usersPerArm);
  const weeksNeeded = weeksFor(plan, relativeVariance);
  const minimumDetectableEffect = effectOfDrift(
    requiredDrift(plan, power, targetPower),
    relativeVariance / usersPerArm,
  );
  if (minimumDetectableEffect === null) return { kind: 'undetectable', weeksNeeded };
  return {
    kind: 'planned',
    power: power(driftOf(relativeEffect, relativeVariance / usersPerArm)),
    minimumDetectableEffect,
    weeksNeeded,
  };
}

/** Two, of which a variance can be told; and one for each look at a sequential test. */
export function leastUsersPerArm({ method, looks }: PlannedTest): number {
  return method === 'SEQUENTIAL' ? Math.max(2, looks) : 2;
}

/** The users of each of two arms after `weeks`; not rounded, as it is an expectation. */
export function usersPerArmIn(
  { usersPerWeek, variants }: Pick<ExperimentPlan, 'usersPerWeek' | 'variants'>,
  weeks: number,
): number {
  return (usersPerWeek * weeks) / variants;
}

/** `error` is the squared standard error of the control's mean, relative to that mean. */
function driftOf(effect: number, error: number): number {
  return Math.abs(effect) / (Math.sqrt(error) * Math.hypot(1, 1 + effect));
}

/** The effect above 0 whose drift is `drift`: the root of effect² = drift² error (1 + (1 + effect)²). Null where none is. */
function effectOfDrift(drift: number, error: number): number | null {
  const share = drift * drift * error;
  return share < 1 ? (share + Math.sqrt(share * (2 - share))) / (1 - share) : null;
}

function weeksFor(plan: ExperimentPlan, relativeVariance: number): number | null {
  const isFoundIn = (weeks: number): boolean => {
    const usersPerArm = usersPerArmIn(plan, weeks);
    if (usersPerArm < leastUsersPerArm(plan)) return false;
    const drift = driftOf(plan.relativeEffect, relativeVariance / usersPerArm);
    return powerOf(plan, usersPerArm)(drift) >= plan.targetPower;
  };
  if (plan.relativeEffect === 0) return null;
  let tooFew = 0;
  let enough = 1;
  while (!isFoundIn(enough)) {
    if (enough === farthestWeek) return null;
    tooFew = enough;
    enough = Math.min(2 * enough, farthestWeek);
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isFoundIn(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
