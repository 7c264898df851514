import { estimatePolicy, type Estimate, type PolicyEstimates } from '../../evaluation/off-policy/estimate.ts';
import type { ChoiceLog, TargetPolicy } from '../../evaluation/off-policy/logged-choice.ts';
import { overlapOf, refusalsOf, type Overlap } from '../../evaluation/off-policy/overlap.ts';
import { readOpenBandit } from '../../evaluation/off-policy/read-open-bandit.ts';
import { readSlateLog } from '../../evaluation/off-policy/read-slate-log.ts';
import { CommandError } from '../command.ts';
import { inspectInput } from '../import/reading/open-input.ts';

export interface PolicyEvaluation {
  readonly log: string;
  readonly policy: TargetPolicy;
  /** Choices by chance whose outcome is known. */
  readonly choices: number;
  readonly rewards: number;
  /** Other items of the log, by why they say nothing. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly overlap: Overlap;
  readonly refused: boolean;
  /** Why, as sentences. */
  readonly refusals: readonly string[];
  /** Rewards for each choice; null where the evaluation is refused. */
  readonly estimates: PolicyEstimates | null;
  /** What the formulas give in spite of a refusal: to compare implementations by, not to act on. */
  readonly refusedValues: Readonly<Record<keyof PolicyEstimates, number>> | null;
}

/**
 * Evaluates `policy` by the log at `path`: JSON lines are a slate log, CSV is one of Open Bandit.
 * @throws UsageError when the file cannot be read, CommandError for a wrong line and for a log without any choice.
 */
export async function evaluatePolicy(path: string, policy: TargetPolicy): Promise<PolicyEvaluation> {
  const { format } = await inspectInput(path);
  const log = await (format === 'csv' ? readOpenBandit(path, policy) : readSlateLog(path, policy));
  if (log.choices.length === 0) throw new CommandError(nothingIn(path, log));
  const overlap = overlapOf(log.choices);
  const refusals = refusalsOf(overlap);
  const estimates = estimatePolicy(log);
  const refused = refusals.length > 0;
  return {
    log: path,
    policy,
    choices: log.choices.length,
    rewards: log.choices.reduce((sum, { reward }) => sum + reward, 0),
    leftOut: Object.fromEntries(log.leftOut),
    overlap,
    refused,
    refusals,
    estimates: refused ? null : estimates,
    refusedValues: refused
      ? {
          ipw: estimates.ipw.value,
          snipw: estimates.snipw.value,
          doublyRobust: estimates.doublyRobust.value,
        }
      : null,
  };
}

function nothingIn(path: string, { leftOut }: ChoiceLog): string {
  const reasons = [...leftOut].map(([reason, times]) => `${reason} ${times}`).join(', ');
  return `${path} has no exploration slot whose outcome is known${reasons === '' ? '' : ` (${reasons})`}.`;
}

/** The evaluation for who reads it. */
export function linesOf(evaluation: PolicyEvaluation): string[] {
  const { policy, choices, rewards, overlap, estimates } = evaluation;
  const left = Object.entries(evaluation.leftOut).map(([reason, times]) => `${reason} ${times}`);
  return [
    `${policy} policy, from ${choices} choices with ${rewards} rewards` +
      (left.length === 0 ? '' : ` (left out: ${left.join(', ')})`),
    `effective sample size ${overlap.effectiveSampleSize.toFixed(2)} (${(100 * overlap.effectiveShare).toFixed(2)} %), ` +
      `mean weight ${overlap.meanWeight.toFixed(4)}, largest ${overlap.largestWeight.toFixed(2)}, ` +
      `smallest propensity ${overlap.smallestPropensity}`,
    ...(estimates === null
      ? ['refused: the log does not overlap with the policy']
      : [
          lineOf('IPW', estimates.ipw),
          lineOf('SNIPW', estimates.snipw),
          lineOf('doubly robust', estimates.doublyRobust),
        ]),
  ];
}

function lineOf(name: string, { value, low, high }: Estimate): string {
  return `${name.padEnd(14)} ${value.toFixed(7)}  95 % ${low.toFixed(7)} to ${high.toFixed(7)}`;
}
