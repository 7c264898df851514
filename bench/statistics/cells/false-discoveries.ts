import {
  adjustByBenjaminiHochberg,
  adjustByHolm,
} from '../../../subgraphs/experiments/statistics/adjust-p-values.ts';
import { compareArms } from '../../../subgraphs/experiments/statistics/compare-arms.ts';
import type { ArmStatistics } from '../../../subgraphs/experiments/statistics/estimate-arm.ts';
import { countOf, number, percent, text, type Cell, type Group, type Row } from '../cell.ts';
import { bernoulli, normalBySums } from '../populations.ts';
import type { RandomStream } from '../random-stream.ts';

const metrics = 20;
const most = 0.055;

/** The two arms of a metric, control first. */
type Pair = readonly [ArmStatistics, ArmStatistics];

/** What looking at many metrics finds where nothing changed, as it is and adjusted. */
export const falseDiscoveries: Group = {
  title: `False discoveries among ${metrics} metrics`,
  columns: [
    text('metrics'),
    number('users in each arm'),
    number('metrics that changed'),
    number('any false finding, unadjusted'),
    number('any false finding, Holm'),
    number('share of false findings, Benjamini and Hochberg'),
  ],
  cells: [
    cellOf('normal, independent', 1_000, 0, independent(normalBySums(1, 1))),
    cellOf('Bernoulli 2 %, independent', 5_000, 0, independent(bernoulli(0.02))),
    cellOf('normal, each two correlated by 0.5', 200, 0, correlated(0.5)),
    cellOf('normal, independent', 1_000, 5, independent(normalBySums(1, 1))),
  ],
};

type DrawPairs = (stream: RandomStream, n: number, changed: number) => readonly Pair[];

/** The first `changed` metrics are 15 % higher. */
function independent(population: ReturnType<typeof bernoulli>): DrawPairs {
  return (stream, n, changed) =>
    Array.from({ length: metrics }, (_, metric) => [
      population.draw(stream, n, 0),
      population.draw(stream, n, metric < changed ? 0.15 : 0),
    ]);
}

/** By a part that all metrics of a user have in common. */
function correlated(correlation: number): DrawPairs {
  const [common, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const armsOf = (stream: RandomStream, n: number): ArmStatistics[] => {
    const [sums, squares] = [new Float64Array(metrics), new Float64Array(metrics)];
    for (let user = 0; user < n; user += 1) {
      const shared = common * stream.normal();
      for (let metric = 0; metric < metrics; metric += 1) {
        const value = shared + own * stream.normal();
        sums[metric] = (sums[metric] ?? 0) + value;
        squares[metric] = (squares[metric] ?? 0) + value * value;
      }
    }
    return Array.from(sums, (sum, metric) => ({ kind: 'mean', n, sum, sumSquares: squares[metric] ?? 0 }));
  };
  return (stream, n) => {
    const treatments = armsOf(stream, n);
    return armsOf(stream, n).flatMap((control, metric): Pair[] => {
      const treatment = treatments[metric];
      return treatment === undefined ? [] : [[control, treatment]];
    });
  };
}

function cellOf(name: string, n: number, changed: number, draw: DrawPairs): Cell {
  return {
    id: `false discoveries, ${name}, ${changed} changed`,
    replicate: (stream) => {
      const pValues = draw(stream, n, changed).map(pValueOf);
      const falseFindings = (adjusted: readonly number[]): number =>
        adjusted.slice(changed).filter((pValue) => pValue <= 0.05).length;
      const discoveries = adjustByBenjaminiHochberg(pValues);
      const found = discoveries.filter((pValue) => pValue <= 0.05).length;
      return {
        raw: Math.min(1, falseFindings(pValues)),
        holm: Math.min(1, falseFindings(adjustByHolm(pValues))),
        falseShare: falseFindings(discoveries) / Math.max(1, found),
      };
    },
    row: (tally, replications): Row => {
      const shares = ['raw', 'holm', 'falseShare'].map((key) => countOf(tally, key));
      return {
        figures: [
          name,
          n.toLocaleString('en'),
          String(changed),
          ...shares.map((share) => percent(share, replications)),
        ],
        bar: {
          text: `adjusted ≤ ${100 * most} %`,
          met: shares.slice(1).every((share) => share / replications <= most),
        },
      };
    },
  };
}

function pValueOf([control, treatment]: Pair): number {
  const options = { method: { kind: 'fixed-horizon' }, relative: false, alpha: 0.05 } as const;
  const result = compareArms(control, treatment, options);
  if (result.kind === 'invalid' || result.evidence.kind !== 'p-value') throw new Error('No p-value.');
  return result.evidence.pValue;
}
