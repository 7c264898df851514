import type { ArmEstimate } from './estimate-arm.ts';
import { invalid, type Invalid } from './invalid.ts';

/** Under so many standard errors from 0, a control mean is too uncertain to divide by with the delta method. */
const surelyNotZero = 10;

/** Whether the control mean is small against its error. */
export function hasWeakBaseline({ n, baseline }: ArmEstimate): boolean {
  return Math.abs(baseline.mean) < surelyNotZero * Math.sqrt(baseline.variance / n);
}

/**
 * The relative effects that the data do not refute, `width` standard errors wide. It holds however uncertain the control
 * mean is, where the delta method does not; where it is no bounded interval (the whole line, or all but a piece of it),
 * there is none to show. Fieller, Journal of the Royal Statistical Society B 16 (1954) 175.
 */
export function fiellerInterval(
  control: ArmEstimate,
  treatment: ArmEstimate,
  width: number,
): { lower: number; upper: number } | Invalid {
  const { baseline } = control;
  const difference = treatment.mean - control.mean;
  const variance = control.variance / control.n + treatment.variance / treatment.n;
  // The difference takes the control mean off, so that it covaries negatively with what it is divided by.
  const covariance = -baseline.covariance / control.n;
  const square = width * width;
  // (difference − r·baseline)² ≤ width²·Var(difference − r·baseline), as a quadratic in r: a r² − 2 b r + c ≤ 0.
  const a = baseline.mean ** 2 - (square * baseline.variance) / control.n;
  const b = difference * baseline.mean - square * covariance;
  const c = difference ** 2 - square * variance;
  if (a <= 0) return invalid('CONTROL_MEAN_UNCERTAIN');
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return { lower: (b - root) / a, upper: (b + root) / a };
}
