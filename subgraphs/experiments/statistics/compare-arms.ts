import { compareBetas } from './bayesian-beta.ts';
import { chanceToWin, expectedLoss, posteriorOf } from './bayesian.ts';
import type { Comparison, ComparisonMethod, ComparisonOptions, Evidence } from './comparison.ts';
import { normalQuantile } from './distributions.ts';
import { absoluteEffect, relativeEffect, type Effect } from './effect.ts';
import { estimateArm, type ArmEstimate, type ArmStatistics } from './estimate-arm.ts';
import { fiellerInterval, hasWeakBaseline } from './fieller.ts';
import { fixedHorizonPValue, fixedHorizonWidth } from './fixed-horizon.ts';
import { invalid, type Invalid } from './invalid.ts';
import type { BetaPrior, EffectPrior } from './prior.ts';
import { sequentialCriticalValue } from './sequential-critical-value.ts';
import { sequentialPValue } from './sequential.ts';

/** Compares two arms from the sums over their users, or says why they cannot be compared. */
export function compareArms(
  control: ArmStatistics,
  treatment: ArmStatistics,
  options: ComparisonOptions,
): Comparison | Invalid {
  const { method, alpha } = options;
  if (method.kind === 'bayesian' && method.prior.kind === 'beta') {
    const problem = alphaProblem(alpha);
    return problem ?? compareBetas(control, treatment, { ...options, prior: method.prior });
  }
  const [a, b] = [estimateArm(control), estimateArm(treatment)];
  if ('kind' in a) return a;
  return 'kind' in b ? b : compareEstimates(a, b, options);
}

/** The same from estimates, as CUPED and accumulators make them. */
export function compareEstimates(
  control: ArmEstimate,
  treatment: ArmEstimate,
  options: ComparisonOptions,
): Comparison | Invalid {
  const problem = alphaProblem(options.alpha) ?? methodProblem(options.method);
  if (problem !== undefined) return problem;
  const absolute = judge(absoluteEffect(control, treatment), 'absolute', control, treatment, options);
  if (absolute.kind === 'invalid') return absolute;
  if (!options.relative) return finite(absolute);
  const relative =
    options.relativeInterval === 'fieller'
      ? judgeByFieller(absolute, control, treatment, options)
      : judge(relativeEffect(control, treatment), 'relative', control, treatment, options);
  return relative.kind === 'invalid' ? relative : finite({ ...relative, significant: absolute.significant });
}

function judge(
  effect: Effect | Invalid,
  unit: 'relative' | 'absolute',
  control: ArmEstimate,
  treatment: ArmEstimate,
  { method, alpha }: ComparisonOptions,
): Comparison | Invalid {
  if ('kind' in effect) return effect;
  if (method.kind === 'fixed-horizon') {
    const evidence = { kind: 'p-value' as const, pValue: fixedHorizonPValue(effect) };
    return comparisonOf(effect, fixedHorizonWidth(effect, alpha), evidence);
  }
  if (method.kind === 'sequential') {
    const users = control.n + treatment.n;
    const evidence = {
      kind: 'p-value' as const,
      pValue: sequentialPValue(effect, users, alpha, method.tuning),
    };
    return comparisonOf(effect, sequentialCriticalValue(users, alpha, method.tuning), evidence);
  }
  const posterior = posteriorOf(effect, priorIn(unit, method.prior, control));
  // A relative effect of a negative control mean has the other sign than the effect itself.
  const sign = unit === 'relative' ? Math.sign(control.baseline.mean) : 1;
  const gain = { ...posterior, estimate: sign * posterior.estimate };
  return comparisonOf(posterior, -normalQuantile(alpha / 2), {
    kind: 'posterior',
    chanceToWin: chanceToWin(gain),
    expectedLoss: expectedLoss(gain),
  });
}

/** Fieller's interval, with the p-value of the absolute test, which it agrees with. */
function judgeByFieller(
  absolute: Comparison,
  control: ArmEstimate,
  treatment: ArmEstimate,
  options: ComparisonOptions,
): Comparison | Invalid {
  const { method, alpha } = options;
  const effect = relativeEffect(control, treatment);
  if ('kind' in effect) return effect;
  if (method.kind === 'bayesian') {
    // A posterior of a ratio is nearly normal only where the denominator is nearly certain.
    return hasWeakBaseline(control)
      ? invalid('CONTROL_MEAN_UNCERTAIN')
      : judge(effect, 'relative', control, treatment, options);
  }
  const width =
    method.kind === 'fixed-horizon'
      ? fixedHorizonWidth(effect, alpha)
      : sequentialCriticalValue(control.n + treatment.n, alpha, method.tuning);
  const interval = fiellerInterval(control, treatment, width);
  return 'kind' in interval ? interval : { ...absolute, effect: effect.estimate, ...interval };
}

function comparisonOf({ estimate, standardError }: Effect, width: number, evidence: Evidence): Comparison {
  const [lower, upper] = [estimate - width * standardError, estimate + width * standardError];
  return {
    kind: 'comparison',
    effect: estimate,
    lower,
    upper,
    significant: lower > 0 || upper < 0,
    evidence,
  };
}

function priorIn(
  unit: 'relative' | 'absolute',
  prior: EffectPrior | BetaPrior,
  control: ArmEstimate,
): { mean: number; variance: number } | undefined {
  if (prior.kind !== 'normal') return undefined;
  if (prior.unit === unit) return prior;
  // As gbstats does: the size of the control mean is the scale, and never turns the prior's direction.
  const size = Math.abs(control.baseline.mean);
  const scale = unit === 'absolute' ? size : 1 / size;
  return { mean: prior.mean * scale, variance: prior.variance * scale ** 2 };
}

/** Beyond any use, and far from where numbers end. */
const smallestAlpha = 1e-100;

function alphaProblem(alpha: number): Invalid | undefined {
  return alpha >= smallestAlpha && alpha < 1 ? undefined : invalid('ALPHA_OUT_OF_RANGE');
}

function methodProblem(method: ComparisonMethod): Invalid | undefined {
  if (method.kind === 'sequential') {
    const { tuning } = method;
    return tuning > 0 && Number.isFinite(tuning) ? undefined : invalid('TUNING_OUT_OF_RANGE');
  }
  if (method.kind === 'fixed-horizon' || method.prior.kind === 'flat') return undefined;
  const proper =
    method.prior.kind === 'normal' &&
    Number.isFinite(method.prior.mean) &&
    Number.isFinite(method.prior.variance) &&
    method.prior.variance > 0;
  return proper ? undefined : invalid('PRIOR_OUT_OF_RANGE');
}

function finite(comparison: Comparison): Comparison | Invalid {
  const { effect, lower, upper, evidence } = comparison;
  const shown = [
    effect,
    lower,
    upper,
    ...Object.values(evidence).filter((value) => typeof value === 'number'),
  ];
  return shown.every((value) => Number.isFinite(value)) ? comparison : invalid('OVERFLOW');
}
