import type { GuardrailState } from './non-inferiority.ts';
import type { SampleRatioResult } from './sample-ratio.ts';

/** What to do with an experiment, and why, in a sentence for a person. */
export interface Verdict {
  readonly kind: 'SHIP' | 'STOP' | 'KEEP_RUNNING' | 'INVALID';
  readonly reason: string;
}

/** A metric's difference in one treatment, or why there is none. */
export type MetricEvidence =
  | {
      readonly kind: 'comparison';
      readonly metric: string;
      readonly lowerIsBetter: boolean;
      /** Relative: 0.1 is +10 %. */
      readonly effect: number;
      /** After correction for the number of comparisons of its role. */
      readonly significant: boolean;
    }
  | { readonly kind: 'invalid'; readonly metric: string; readonly reason: string };

/** Everything that is known of one treatment against the control. */
export interface TreatmentEvidence {
  readonly variant: string;
  readonly primary: MetricEvidence;
  readonly secondaries: readonly MetricEvidence[];
  readonly guardrails: readonly { readonly metric: string; readonly state: GuardrailState }[];
}

/** The state of an experiment that `decideVerdict` judges. */
export interface ExperimentEvidence {
  readonly sampleRatio: SampleRatioResult;
  readonly treatments: readonly TreatmentEvidence[];
  /** Whether the users that were planned for have come; null where no number was planned. */
  readonly isComplete: boolean | null;
  /** Whether looking before that spoils the test: true of a fixed horizon. */
  readonly isReadOnce: boolean;
}

/**
 * What to do with an experiment. INVALID where its figures cannot be trusted. SHIP the treatment of the greatest gain where the
 * primary metric is significantly better and every guardrail holds. STOP where each treatment does significant harm, or where
 * all planned users have come without a gain. Otherwise KEEP_RUNNING. Secondary metrics never decide; harm to them is said.
 */
export function decideVerdict(evidence: ExperimentEvidence): Verdict {
  const { sampleRatio, treatments, isComplete, isReadOnce } = evidence;
  const distrust = reasonToDistrust(sampleRatio, treatments);
  if (distrust !== null) return { kind: 'INVALID', reason: distrust };
  const harms = treatments.flatMap((treatment) => harmOf(treatment) ?? []);
  if (harms.length === treatments.length) return { kind: 'STOP', reason: `${harms.join('; ')}.` };
  const unharmed = treatments.filter((treatment) => harmOf(treatment) === null);
  const winners = unharmed.filter(({ primary }) => gainOf(primary) > 0).toSorted(byGain);
  const winner = winners.find(({ guardrails }) => guardrails.every(({ state }) => state === 'HOLDS'));
  if (isReadOnce && isComplete === false) {
    return {
      kind: 'KEEP_RUNNING',
      reason: 'The test is read once, when all planned users have come, and they have not yet.',
    };
  }
  if (winner !== undefined) return { kind: 'SHIP', reason: winText(winner) };
  const [held] = winners;
  if (held !== undefined) {
    const open = held.guardrails.filter(({ state }) => state !== 'HOLDS').map(({ metric }) => metric);
    return {
      kind: isComplete === true ? 'STOP' : 'KEEP_RUNNING',
      reason: `${held.variant} improves ${held.primary.metric}, but it is not shown that ${listOf(open)} stays within its margin.`,
    };
  }
  const metric = treatments[0]?.primary.metric ?? 'the primary metric';
  return isComplete === true
    ? { kind: 'STOP', reason: `All planned users have come, and no treatment changes ${metric} measurably.` }
    : { kind: 'KEEP_RUNNING', reason: `No treatment can be told from the control in ${metric} yet.` };
}

function reasonToDistrust(
  sampleRatio: SampleRatioResult,
  treatments: readonly TreatmentEvidence[],
): string | null {
  if (sampleRatio.kind === 'invalid') return sampleRatio.reason;
  if (sampleRatio.mismatch) {
    return `Users are not split as planned (p ${probability(sampleRatio.pValue)}), so no figure can be trusted: look for lost or doubled exposures.`;
  }
  if (treatments.length === 0) return 'There is no treatment to compare with the control.';
  for (const { variant, primary } of treatments) {
    if (primary.kind === 'invalid')
      return `${primary.metric} of ${variant} cannot be judged: ${primary.reason}`;
  }
  return null;
}

/** The significant relative change for the better; below 0 for the worse, and 0 where none is told from chance. */
function gainOf(evidence: MetricEvidence): number {
  if (evidence.kind === 'invalid' || !evidence.significant) return 0;
  return evidence.lowerIsBetter ? -evidence.effect : evidence.effect;
}

function byGain(one: TreatmentEvidence, other: TreatmentEvidence): number {
  return gainOf(other.primary) - gainOf(one.primary);
}

function harmOf({ variant, primary, guardrails }: TreatmentEvidence): string | null {
  const violated = guardrails.filter(({ state }) => state === 'VIOLATED').map(({ metric }) => metric);
  if (violated.length > 0) return `${variant} harms ${listOf(violated)}, which must not get worse`;
  return gainOf(primary) < 0 ? `${variant} makes ${changeText(primary)}` : null;
}

function winText({ variant, primary, secondaries, guardrails }: TreatmentEvidence): string {
  const kept = guardrails.length === 0 ? '' : ' and every guardrail holds';
  const worse = secondaries.filter((evidence) => gainOf(evidence) < 0).map(({ metric }) => metric);
  const price = worse.length === 0 ? '' : `, at the price of ${listOf(worse)}`;
  return `${variant} makes ${changeText(primary)}${kept}${price}.`;
}

function changeText(evidence: MetricEvidence): string {
  if (evidence.kind === 'invalid') return evidence.metric;
  const { metric, effect } = evidence;
  const verdict = gainOf(evidence) > 0 ? 'better' : 'worse';
  return `${metric} ${verdict} (${effect < 0 ? '−' : '+'}${Number((Math.abs(effect) * 100).toPrecision(3))} %)`;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function probability(pValue: number): string {
  return pValue < 1e-6 ? 'below 0.000001' : `= ${Number(pValue.toPrecision(2))}`;
}
