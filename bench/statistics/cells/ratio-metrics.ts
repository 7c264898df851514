import { compareArms } from '../../../subgraphs/experiments/statistics/compare-arms.ts';
import type { RatioStatistics } from '../../../subgraphs/experiments/statistics/estimate-arm.ts';
import { countOf, number, percent, text, type Cell, type Group, type Row } from '../cell.ts';
import type { RandomStream } from '../random-stream.ts';

/** A user's two parts of a ratio, of which the effect multiplies the numerator. */
interface Parts {
  readonly name: string;
  /** Σ numerator / Σ denominator of infinitely many users without an effect. */
  readonly ratio: number;
  draw(stream: RandomStream): readonly [numerator: number, denominator: number];
}

const usersInEachArm = 5_000;

/** Ratio metrics, whose parts hang together: of the absolute and of the relative difference. */
export const ratioMetrics: Group = {
  title: 'Ratio metrics with correlated parts',
  columns: [
    text('parts of a user'),
    number('users in each arm'),
    number('effect'),
    number('absolute interval misses it'),
    number('relative interval holds it'),
  ],
  cells: [lognormalParts(0.8), clicksOfSessions()].flatMap((parts) =>
    [0, 0.1].map((effect) => cellOf(parts, effect)),
  ),
};

/** Both lognormal with σ 0.7, with `correlation` between the logarithms. */
function lognormalParts(correlation: number): Parts {
  const [sigma, rest] = [0.7, Math.sqrt(1 - correlation ** 2)];
  return {
    name: `lognormals, correlation of logarithms ${correlation}`,
    ratio: 1,
    draw: (stream) => {
      const z = stream.normal();
      return [Math.exp(sigma * (correlation * z + rest * stream.normal())), Math.exp(sigma * z)];
    },
  };
}

/** 1 session and a geometric number more, 4 on average; who has more sessions clicks more often in each. */
function clicksOfSessions(): Parts {
  const more = 0.75;
  const rateOf = (sessions: number): number => 0.5 * (1 - 0.8 ** sessions);
  // E S = 1/(1 − q), and E[S (1 − r^S)] by the derivative of the geometric series.
  const meanOf = (r: number): number => ((1 - more) * r) / (1 - more * r) ** 2;
  return {
    name: 'clicks and sessions',
    ratio: (0.5 * (meanOf(1) - meanOf(0.8))) / meanOf(1),
    draw: (stream) => {
      const sessions = 1 + Math.floor(Math.log(stream.uniform()) / Math.log(more));
      const rate = rateOf(sessions);
      let clicks = 0;
      for (let session = 0; session < sessions; session += 1) if (stream.uniform() < rate) clicks += 1;
      return [clicks, sessions];
    },
  };
}

function cellOf(parts: Parts, effect: number): Cell {
  return {
    id: `ratio, ${parts.name}, effect ${100 * effect} %`,
    replicate: (stream) => {
      const [a, b] = [armOf(parts, stream, 0), armOf(parts, stream, effect)];
      const options = { method: { kind: 'fixed-horizon' }, alpha: 0.05 } as const;
      const absolute = compareArms(a, b, { ...options, relative: false });
      const relative = compareArms(a, b, { ...options, relative: true });
      const holds = (result: typeof absolute, truth: number): boolean =>
        result.kind === 'comparison' && result.lower <= truth && truth <= result.upper;
      return {
        missed: holds(absolute, effect * parts.ratio) ? 0 : 1,
        held: holds(relative, effect) ? 1 : 0,
      };
    },
    row: (tally, replications): Row => {
      const [missed, held] = [countOf(tally, 'missed'), countOf(tally, 'held')];
      const isMissedAsOften = Math.abs(missed / replications - 0.05) <= 0.005;
      const isHeldAsOften = Math.abs(held / replications - 0.95) <= 0.007;
      return {
        figures: [
          parts.name,
          usersInEachArm.toLocaleString('en'),
          `+${100 * effect} %`,
          percent(missed, replications),
          percent(held, replications),
        ],
        bar: { text: '4.5–5.5 %, 95 ± 0.7 %', met: isMissedAsOften && isHeldAsOften },
      };
    },
  };
}

function armOf(parts: Parts, stream: RandomStream, effect: number): RatioStatistics {
  const numerator = { sum: 0, sumSquares: 0 };
  const denominator = { sum: 0, sumSquares: 0 };
  let sumProducts = 0;
  for (let user = 0; user < usersInEachArm; user += 1) {
    const [value, of] = parts.draw(stream);
    const changed = (1 + effect) * value;
    numerator.sum += changed;
    numerator.sumSquares += changed * changed;
    denominator.sum += of;
    denominator.sumSquares += of * of;
    sumProducts += changed * of;
  }
  return { kind: 'ratio', n: usersInEachArm, numerator, denominator, sumProducts };
}
