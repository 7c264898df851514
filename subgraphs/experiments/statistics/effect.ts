import type { ArmEstimate } from './estimate-arm.ts';
import { invalid, type Invalid } from './invalid.ts';

/** The difference between two arms, its standard error, and the degrees of freedom that the error is known with. */
export interface Effect {
  readonly estimate: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** μ_B − μ_A in the metric's unit. Welch, Biometrika 34 (1947) 28. */
export function absoluteEffect(control: ArmEstimate, treatment: ArmEstimate): Effect | Invalid {
  const variance = control.variance / control.n + treatment.variance / treatment.n;
  return effectOf(treatment.mean - control.mean, variance, control, treatment);
}

/**
 * (μ_B − μ_A) / μ_A, with the variance of the delta method: s_B² / (n_B μ_A²) + s_A² μ_B² / (n_A μ_A⁴). After CUPED the s²
 * are the adjusted and the μ in the variance the plain ones, as in gbstats, which leaves out a term of the square of the
 * effect. Deng, Knoblich, Lu, KDD 2018, section 3.1.
 */
export function relativeEffect(control: ArmEstimate, treatment: ArmEstimate): Effect | Invalid {
  const base = control.baseline.mean;
  if (base === 0) return invalid('CONTROL_MEAN_ZERO');
  const ratio = treatment.baseline.mean / base;
  const variance =
    (treatment.variance / treatment.n + (ratio ** 2 * control.variance) / control.n) / base ** 2;
  return effectOf((treatment.mean - control.mean) / base, variance, control, treatment);
}

function effectOf(
  estimate: number,
  variance: number,
  control: ArmEstimate,
  treatment: ArmEstimate,
): Effect | Invalid {
  const standardError = Math.sqrt(variance);
  const degreesOfFreedom = welchDegrees(control, treatment);
  const finite = [estimate, standardError, degreesOfFreedom].every((value) => Number.isFinite(value));
  if (!finite || standardError === 0) return invalid('OVERFLOW');
  return { estimate, standardError, degreesOfFreedom };
}

/** Welch–Satterthwaite on the absolute variances. Satterthwaite, Biometrics Bulletin 2 (1946) 110. */
function welchDegrees(control: ArmEstimate, treatment: ArmEstimate): number {
  const [a, b] = [control.variance / control.n, treatment.variance / treatment.n];
  // By shares, which neither overflow nor vanish.
  const share = a / (a + b);
  return 1 / (share ** 2 / (control.n - 1) + (1 - share) ** 2 / (treatment.n - 1));
}
