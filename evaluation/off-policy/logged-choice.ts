/** What a logging policy chose once, and what came of it. */
export interface LoggedChoice {
  /** Choices of one cluster hang together: a feed, or the choice itself. */
  readonly cluster: string;
  /** The item that was shown. */
  readonly action: string;
  /** The probability, above 0, with which the logging policy chose it. */
  readonly propensity: number;
  /** The probability with which the policy to be evaluated would have, in the same place. */
  readonly target: number;
  /** 1 where it was rewarded, else 0. */
  readonly reward: number;
}

/** A log that can be evaluated. */
export interface ChoiceLog {
  readonly choices: readonly LoggedChoice[];
  /** Rows that are no choice by chance, or of which no outcome is known, by reason. */
  readonly leftOut: ReadonlyMap<string, number>;
  /**
   * What the target policy may choose everywhere with equal probability; null where that is another set from place to place,
   * so that a model of rewards by item says nothing of the target.
   */
  readonly actions: readonly string[] | null;
}

/** The policies that a log can be evaluated for. */
export const targetPolicies = ['uniform', 'logging'] as const;

export type TargetPolicy = (typeof targetPolicies)[number];

/** The probability that `policy` chooses what the log has, among `actions` items that could have been chosen. */
export function targetProbability(policy: TargetPolicy, propensity: number, actions: number): number {
  return policy === 'uniform' ? 1 / actions : propensity;
}
