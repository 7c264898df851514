import { TimeSlice } from '#platform/resilience/time-slice.ts';
import { Largest } from '../learning/largest.ts';
import type { ArmEvidence, ArmItem } from './arm-evidence.ts';
import { betaDeviation, betaMean, type Beta } from './beta.ts';
import { winShares, type Convergence } from './convergence.ts';

/** The convergence of the arms that somebody of a user segment was shown, or of all segments. */
export interface MeasuredConvergence extends Convergence {
  readonly arms: number;
}

/** How far exploration has come. */
export interface ConvergenceReport {
  /** Of all segments; its `topArmProbability` is the mean of those in `segments`, weighted by impressions. */
  readonly overall: MeasuredConvergence;
  /** Of the segments with the most impressions. */
  readonly segments: ReadonlyMap<string, MeasuredConvergence>;
}

/** Where posteriors and their draws come from. */
export interface BelievedArms {
  of(segment: string, item: ArmItem): Beta;
  drawsOf(segment: string, item: ArmItem, mayDraw: boolean): Float32Array | null;
}

/** Segments that are told apart. */
const mostSegments = 32;

/** Arms of a segment, those of the greatest mean, among which the top arm is looked for. */
const contenders = 100;

/** Whether it is time to let others have theirs, and how. */
interface Turn {
  due(): boolean;
  pass(): Promise<void>;
}

interface SegmentArms {
  readonly items: ArmItem[];
  trials: number;
}

/**
 * Measures the arms in `evidence` that have any impression, by what is believed of them. Gives way to other work in
 * between.
 * @throws what `signal` aborts with.
 */
export async function measureConvergence(
  evidence: ArmEvidence,
  believed: BelievedArms,
  signal: AbortSignal,
): Promise<ConvergenceReport> {
  const slice = new TimeSlice();
  const turn: Turn = {
    due: () => slice.due(),
    pass: async () => {
      await slice.pause();
      signal.throwIfAborted();
    },
  };
  const bySegment = await armsBySegment(evidence, turn);
  const largest = [...bySegment]
    .toSorted(([a, { trials: ofA }], [b, { trials: ofB }]) => ofB - ofA || (a < b ? -1 : 1))
    .slice(0, mostSegments);
  const named = new Map(largest);
  const segments = new Map<string, MeasuredConvergence>();
  let [arms, deviations, trials, tops] = [0, 0, 0, 0];
  for (const [segment, shown] of bySegment) {
    const { deviation, best } = await measureArms(shown.items, (item) => believed.of(segment, item), turn);
    arms += shown.items.length;
    deviations += deviation;
    if (!named.has(segment)) continue;
    const draws: Float32Array[] = [];
    for (const item of best) {
      draws.push(believed.drawsOf(segment, item, true) ?? new Float32Array());
      if (turn.due()) await turn.pass();
    }
    const topArmProbability = Math.max(0, ...winShares(draws));
    trials += shown.trials;
    tops += shown.trials * topArmProbability;
    segments.set(segment, {
      arms: shown.items.length,
      meanDeviation: deviation / shown.items.length,
      topArmProbability,
    });
  }
  const overall = {
    arms,
    meanDeviation: arms === 0 ? 0 : deviations / arms,
    topArmProbability: trials === 0 ? 0 : tops / trials,
  };
  return { overall, segments };
}

async function armsBySegment(evidence: ArmEvidence, turn: Turn): Promise<Map<string, SegmentArms>> {
  const bySegment = new Map<string, SegmentArms>();
  for (const { item, segments } of evidence.all()) {
    for (const [segment, { trials }] of segments) {
      if (trials <= 0) continue;
      const known = bySegment.get(segment) ?? { items: [], trials: 0 };
      known.items.push(item);
      known.trials += trials;
      bySegment.set(segment, known);
    }
    if (turn.due()) await turn.pass();
  }
  return bySegment;
}

/** The sum of the standard deviations, and the items of the greatest means. */
async function measureArms(
  items: readonly ArmItem[],
  posteriorOf: (item: ArmItem) => Beta,
  turn: Turn,
): Promise<{ deviation: number; best: ArmItem[] }> {
  const count = Math.min(contenders, items.length);
  const largest = new Largest(count);
  let deviation = 0;
  for (const [place, item] of items.entries()) {
    const posterior = posteriorOf(item);
    deviation += betaDeviation(posterior);
    largest.offer(place, betaMean(posterior));
    if (turn.due()) await turn.pass();
  }
  const places = new Int32Array(count);
  largest.writeTo(places, new Float32Array(count), 0);
  return { deviation, best: Array.from(places).flatMap((place) => items[place] ?? []) };
}
