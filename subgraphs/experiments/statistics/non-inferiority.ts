/** The interval of a relative effect: 0.1 is +10 %. */
export interface RelativeInterval {
  readonly lower: number;
  readonly upper: number;
}

/** What a metric that must not get worse is allowed. */
export interface GuardrailRule {
  readonly lowerIsBetter: boolean;
  /** The relative loss that is tolerated, such as 0.02; null: the guardrail only watches for a loss. */
  readonly margin: number | null;
}

/** HOLDS: shown to be within its margin. VIOLATED: shown to be worse. UNDECIDED: neither yet. */
export type GuardrailState = 'HOLDS' | 'VIOLATED' | 'UNDECIDED';

/**
 * Judges a guardrail by the interval of its effect at level 1 - α: non-inferior where the whole interval is better than -margin,
 * which is a one-sided test at α/2 of a loss of the margin or more; violated where the whole interval is worse than -margin.
 * A guardrail without a margin holds unless its whole interval is a loss. Source: ICH E9, Statistical principles for clinical
 * trials (1998), 3.3.2.
 */
export function judgeGuardrail(interval: RelativeInterval, rule: GuardrailRule): GuardrailState {
  const { lowerIsBetter, margin } = rule;
  const [worst, best] = lowerIsBetter ? [-interval.upper, -interval.lower] : [interval.lower, interval.upper];
  const tolerated = -(margin ?? 0);
  if (best < tolerated) return 'VIOLATED';
  return margin === null || worst > tolerated ? 'HOLDS' : 'UNDECIDED';
}
