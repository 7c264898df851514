import type { ChoiceLog, LoggedChoice } from './logged-choice.ts';
import { clusteredError } from './overlap.ts';

/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

export interface PolicyEstimates {
  /** Inverse propensity weighting, Σ w r ÷ n: without bias, wide. */
  readonly ipw: Estimate;
  /** Self-normalised, Σ w r ÷ Σ w: slightly biased, narrower. */
  readonly snipw: Estimate;
  /** Doubly robust, q̄ + Σ w (r − q) ÷ n, with q a model of rewards by item. */
  readonly doublyRobust: Estimate;
}

const halfWidth = 1.959964;

/** An item of which little was seen is believed like so many choices of the average one. */
const modelStrength = 20;

/**
 * What the target policy would earn for each choice, estimated from the log of another (Horvitz and Thompson 1952; Swaminathan
 * and Joachims, NIPS 2015; Dudík, Langford and Li, ICML 2011). Intervals are normal, by clusters; SNIPW's by the delta
 * method. They hold where the overlap does: ask `refusalsOf` first.
 */
export function estimatePolicy(log: ChoiceLog): PolicyEstimates {
  const { choices } = log;
  const count = choices.length;
  const weights = Float64Array.from(choices, ({ target, propensity }) => target / propensity);
  const weightOf = (index: number): number => weights[index] ?? 0;
  let [weighted, sum] = [0, 0];
  for (const [index, { reward }] of choices.entries()) {
    weighted += weightOf(index) * reward;
    sum += weightOf(index);
  }
  const ipw = weighted / count;
  const snipw = weighted / sum;
  const models = fitModels(log);
  const corrected = Float64Array.from(choices, (choice, index) => {
    const { expected, ofTarget } = models(choice, index);
    return ofTarget + weightOf(index) * (choice.reward - expected);
  });
  const robust = corrected.reduce((total, value) => total + value, 0) / count;
  return {
    ipw: withInterval(
      ipw,
      clusteredError(choices, ({ reward }, index) => weightOf(index) * reward - ipw),
    ),
    snipw: withInterval(
      snipw,
      clusteredError(choices, ({ reward }, index) => (weightOf(index) * (reward - snipw) * count) / sum),
    ),
    doublyRobust: withInterval(
      robust,
      clusteredError(choices, (_choice, index) => (corrected[index] ?? 0) - robust),
    ),
  };
}

function withInterval(value: number, standardError: number): Estimate {
  return {
    value,
    standardError,
    low: value - halfWidth * standardError,
    high: value + halfWidth * standardError,
  };
}

interface ModelAnswer {
  /** The reward expected of what was shown. */
  readonly expected: number;
  /** The reward expected of the target policy in the same place. */
  readonly ofTarget: number;
}

/**
 * Mean rewards by item, drawn towards the mean of all. A choice is judged by the model of the other half of the clusters,
 * so that its own reward says nothing of what was expected of it. Where the target chooses among other items from place to
 * place, the model is the mean of all, whatever is shown.
 */
function fitModels({ choices, actions }: ChoiceLog): (choice: LoggedChoice, index: number) => ModelAnswer {
  const halves = new Map<string, 0 | 1>();
  for (const { cluster } of choices)
    if (!halves.has(cluster)) halves.set(cluster, halves.size % 2 === 0 ? 0 : 1);
  const halfOf = (choice: LoggedChoice): 0 | 1 => halves.get(choice.cluster) ?? 0;
  const models = ([0, 1] as const).map((judged) =>
    fitModel(
      choices.filter((choice) => halfOf(choice) !== judged),
      actions,
    ),
  );
  return (choice) => models[halfOf(choice)]?.(choice.action) ?? { expected: 0, ofTarget: 0 };
}

function fitModel(
  choices: readonly LoggedChoice[],
  actions: readonly string[] | null,
): (action: string) => ModelAnswer {
  const overall =
    choices.length === 0 ? 0 : choices.reduce((sum, { reward }) => sum + reward, 0) / choices.length;
  if (actions === null) return () => ({ expected: overall, ofTarget: overall });
  const seen = new Map<string, { count: number; rewards: number }>();
  for (const { action, reward } of choices) {
    const known = seen.get(action) ?? { count: 0, rewards: 0 };
    seen.set(action, { count: known.count + 1, rewards: known.rewards + reward });
  }
  const of = (action: string): number => {
    const { count, rewards } = seen.get(action) ?? { count: 0, rewards: 0 };
    return (rewards + modelStrength * overall) / (count + modelStrength);
  };
  const ofTarget = actions.reduce((sum, action) => sum + of(action), 0) / actions.length;
  return (action) => ({ expected: of(action), ofTarget });
}
