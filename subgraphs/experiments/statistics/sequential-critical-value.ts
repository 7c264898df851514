/**
 * How many standard errors an effect must lie from 0 for an asymptotic confidence sequence at level 1 - `alpha` to exclude 0 once
 * `users` were seen, both arms together. `tuning` is the number of users at which the sequence is narrowest.
 *
 * √(2 (nρ² + 1) ln(√(nρ² + 1)/α) / (nρ²)), ρ² = (-2 ln α + ln(-2 ln α + 1))/tuning. Source: Waudby-Smith, Arbour, Sinha, Kennedy
 * and Ramdas, Time-uniform central limit theory and asymptotic confidence sequences (2024), theorem 2.2 and appendix B.2.
 */
export function sequentialCriticalValue(users: number, alpha: number, tuning: number): number {
  const information = mixtureInformation(users, alpha, tuning);
  return Math.sqrt((2 * (information + 1) * (Math.log1p(information) / 2 - Math.log(alpha))) / information);
}

/** nρ²: the precision of the effect after `users`, over that of the normal mixture which the sequence is built on. */
export function mixtureInformation(users: number, alpha: number, tuning: number): number {
  const doubt = -2 * Math.log(alpha);
  return (users * (doubt + Math.log1p(doubt))) / tuning;
}
