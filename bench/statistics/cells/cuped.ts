import { compareEstimates } from '../../../subgraphs/experiments/statistics/compare-arms.ts';
import {
  adjustmentOf,
  estimateAdjusted,
  type AdjustableStatistics,
} from '../../../subgraphs/experiments/statistics/cuped.ts';
import { estimateArm } from '../../../subgraphs/experiments/statistics/estimate-arm.ts';
import { countOf, number, percent, text, type Cell, type Group, type Row } from '../cell.ts';
import type { RandomStream } from '../random-stream.ts';

/** What users did before, for a share of them, and do during the experiment. */
interface Users {
  readonly name: string;
  /** Between before and during, of those who were there before. */
  readonly correlation: number;
  readonly sharePresent: number;
  readonly draw: (stream: RandomStream) => readonly [before: number, during: number];
}

const usersInEachArm = 2_000;
const tolerance = 0.02;

/** How much of the variance CUPED leaves, and whether the test on what is left still errs in 5 %. */
export const cuped: Group = {
  title: 'Variance after CUPED',
  columns: [
    text('values before and during'),
    number('correlation ρ'),
    number('have a before'),
    number('expected residual / raw'),
    number('residual / raw'),
    number('off by'),
    number('absolute interval misses 0'),
  ],
  cells: [
    normalUsers(0.3),
    normalUsers(0.5),
    normalUsers(0.7),
    normalUsers(0.9),
    normalUsers(0.7, 0.6),
    lognormalUsers(0.7),
  ].map(cellOf),
};

function normalUsers(correlation: number, sharePresent = 1): Users {
  const rest = Math.sqrt(1 - correlation ** 2);
  return {
    name: 'normal',
    correlation,
    sharePresent,
    draw: (stream) => {
      const z = stream.normal();
      return [z, correlation * z + rest * stream.normal()];
    },
  };
}

/** Lognormal with σ 0.7, whose correlation is not that of the logarithms. */
function lognormalUsers(ofLogarithms: number): Users {
  const [variance, rest] = [0.49, Math.sqrt(1 - ofLogarithms ** 2)];
  const sigma = Math.sqrt(variance);
  return {
    name: `lognormal σ ${sigma}`,
    correlation: Math.expm1(ofLogarithms * variance) / Math.expm1(variance),
    sharePresent: 1,
    draw: (stream) => {
      const z = stream.normal();
      return [Math.exp(sigma * z), Math.exp(sigma * (ofLogarithms * z + rest * stream.normal()))];
    },
  };
}

function cellOf(users: Users): Cell {
  const { name, correlation, sharePresent } = users;
  // Who has no before is independent of everything here, and keeps the whole variance.
  const expected = 1 - sharePresent * correlation ** 2;
  return {
    id: `CUPED, ${name}, correlation ${correlation.toFixed(2)}, present ${sharePresent}`,
    replicate: (stream) => {
      const arms = [armOf(users, stream), armOf(users, stream)] as const;
      const adjustment = adjustmentOf(arms);
      const [a, b] = [estimateAdjusted(arms[0], adjustment), estimateAdjusted(arms[1], adjustment)];
      const plain = estimateArm(arms[0]);
      if ('kind' in a || 'kind' in b || 'kind' in plain) throw new Error('Drawn users give no estimate.');
      const method = { kind: 'fixed-horizon' } as const;
      const result = compareEstimates(a, b, { method, relative: false, alpha: 0.05 });
      return {
        residual: a.variance,
        raw: plain.variance,
        missed: result.kind === 'comparison' && !result.significant ? 0 : 1,
      };
    },
    row: (tally, replications): Row => {
      const ratio = countOf(tally, 'residual') / countOf(tally, 'raw');
      const off = ratio / expected - 1;
      return {
        figures: [
          name,
          correlation.toFixed(3),
          `${100 * sharePresent} %`,
          expected.toFixed(4),
          ratio.toFixed(4),
          `${(100 * Math.abs(off)).toFixed(2)} %`,
          percent(countOf(tally, 'missed'), replications),
        ],
        bar: { text: `within ${100 * tolerance} %`, met: Math.abs(off) <= tolerance },
      };
    },
  };
}

function armOf({ sharePresent, draw }: Users, stream: RandomStream): AdjustableStatistics {
  const metric = { sum: 0, sumSquares: 0 };
  const prePeriod = { n: 0, sum: 0, sumSquares: 0, sumMetric: 0, sumProducts: 0 };
  for (let user = 0; user < usersInEachArm; user += 1) {
    const [before, during] = draw(stream);
    metric.sum += during;
    metric.sumSquares += during * during;
    if (sharePresent < 1 && stream.uniform() >= sharePresent) continue;
    prePeriod.n += 1;
    prePeriod.sum += before;
    prePeriod.sumSquares += before * before;
    prePeriod.sumMetric += during;
    prePeriod.sumProducts += before * during;
  }
  return { kind: 'mean', n: usersInEachArm, ...metric, prePeriod };
}
