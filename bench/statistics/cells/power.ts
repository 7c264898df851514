import { compareArms } from '../../../subgraphs/experiments/statistics/compare-arms.ts';
import {
  planSampleSize,
  type ExperimentPlan,
} from '../../../subgraphs/experiments/statistics/sample-size.ts';
import { countOf, number, percent, text, type Cell, type Group, type Row } from '../cell.ts';
import { addArms, bernoulli, lognormal, normalBySums, type Population } from '../populations.ts';

const alpha = 0.05;
const tuning = 5_000;
/** Of a share: two points. */
const tolerance = 0.02;

/** How often a true effect is found, beside what `sampleSize` foretells. */
export const power: Group = {
  title: 'Power',
  columns: [
    text('values of users'),
    number('effect'),
    number('users in each arm'),
    text('test'),
    number('foretold'),
    number('relative interval leaves out 0'),
    number('significant'),
  ],
  cells: [
    cellOf(normalBySums(1, 1), { effect: 0.02, n: 40_000, bar: 'both' }),
    cellOf(normalBySums(1, 1), { effect: 0.02, n: 19_600, bar: 'both' }),
    cellOf(lognormal(0.5), { effect: 0.02, n: 11_400, bar: 'both' }),
    cellOf(bernoulli(0.2), { effect: 0.02, n: 160_000, bar: 'both' }),
    cellOf(normalBySums(1, 1), { effect: 0.02, n: 63_000, looks: 14, bar: 'both' }),
    cellOf(normalBySums(1, 1), { effect: 0.02, n: 63_000, looks: 28, bar: 'both' }),
    cellOf(lognormal(0.5), { effect: 0.02, n: 16_800, looks: 14, bar: 'both' }),
    cellOf(bernoulli(0.2), { effect: 0.02, n: 252_000, looks: 14, bar: 'both' }),
    cellOf(normalBySums(1, 1), { effect: 0.1, n: 1_750, bar: 'interval' }),
    cellOf(normalBySums(1, 1), { effect: 0.1, n: 2_800, looks: 14, bar: 'interval' }),
    cellOf(lognormal(0.5), { effect: 0.1, n: 500, bar: 'none' }),
    cellOf(bernoulli(0.05), { effect: 0.1, n: 33_000, bar: 'none' }),
  ],
};

interface Trial {
  readonly effect: number;
  /** Users in each arm at the end. */
  readonly n: number;
  /** Of a sequential test, evenly spaced; without, a fixed horizon. */
  readonly looks?: number;
  /**
   * What must be as foretold. A plan is made for the relative interval and takes both variances to be alike, so that larger
   * effects are shown without a bar where they are not.
   */
  readonly bar: 'both' | 'interval' | 'none';
}

function cellOf(population: Population, { effect, n, looks, bar }: Trial): Cell {
  const method =
    looks === undefined ? ({ kind: 'fixed-horizon' } as const) : ({ kind: 'sequential', tuning } as const);
  const options = { method, relative: true, alpha };
  const usersPerLook = n / (looks ?? 1);
  const test = looks === undefined ? 'one look' : `sequential, ${looks} looks`;
  return {
    id: `power, ${population.name}, effect ${100 * effect} %, ${n} users, ${test}`,
    replicate: (stream) => {
      const found = { relative: 0, significant: 0 };
      const drawControl = () => population.draw(stream, usersPerLook, 0);
      const drawTreatment = () => population.draw(stream, usersPerLook, effect);
      let [control, treatment] = [drawControl(), drawTreatment()];
      for (let look = 1; look <= (looks ?? 1); look += 1) {
        if (look > 1)
          [control, treatment] = [addArms(control, drawControl()), addArms(treatment, drawTreatment())];
        const result = compareArms(control, treatment, options);
        if (result.kind === 'invalid') continue;
        if (result.lower > 0 || result.upper < 0) found.relative = 1;
        if (result.significant) found.significant = 1;
      }
      return found;
    },
    row: (tally, replications): Row => {
      const foretold = powerOf(population, effect, n, looks);
      const [relative, significant] = [countOf(tally, 'relative'), countOf(tally, 'significant')];
      const isNear = (count: number): boolean => Math.abs(count / replications - foretold) <= tolerance;
      const figures = [
        population.name,
        `+${100 * effect} %`,
        n.toLocaleString('en'),
        test,
        `${(100 * foretold).toFixed(2)} %`,
        percent(relative, replications),
        percent(significant, replications),
      ];
      if (bar === 'none') return { figures };
      return {
        figures,
        bar: {
          text: bar === 'both' ? 'both within 2 points' : 'the interval within 2 points',
          met: isNear(relative) && (bar === 'interval' || isNear(significant)),
        },
      };
    },
  };
}

function powerOf(
  { mean, variance }: Population,
  effect: number,
  n: number,
  looks: number | undefined,
): number {
  const plan: ExperimentPlan = {
    method: looks === undefined ? 'FIXED_HORIZON' : 'SEQUENTIAL',
    alpha,
    looks: looks ?? 1,
    sequentialTuning: tuning,
    baselineMean: mean,
    baselineVariance: variance,
    usersPerWeek: 2 * n,
    variants: 2,
    relativeEffect: effect,
    targetPower: 0.8,
    weeks: 1,
  };
  const planned = planSampleSize(plan);
  if (planned.kind === 'undetectable') throw new Error('A plan of the calibration finds nothing.');
  return planned.power;
}
