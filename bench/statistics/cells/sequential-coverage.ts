import { compareArms } from '../../../subgraphs/experiments/statistics/compare-arms.ts';
import { countOf, number, percent, text, type Cell, type Group, type Row } from '../cell.ts';
import { addArms, bernoulli, buyers, lognormal, normalBySums, type Population } from '../populations.ts';

const looks = 28;
const nominal = 0.95;

/** How often the confidence sequence holds the true effect at each of 28 daily looks, beside the t test's interval. */
export const sequentialCoverage: Group = {
  title: `A look every day for ${looks} days`,
  columns: [
    text('values of users'),
    text('interval'),
    number('users a day, control and treatment'),
    number('tuning'),
    number('effect'),
    number('all looks hold it, sequential'),
    number('some look misses it, fixed horizon'),
  ],
  cells: [
    cellOf(normalBySums(1, 1), { daily: [10, 10] }),
    cellOf(normalBySums(1, 1), { daily: [100, 100] }),
    cellOf(normalBySums(1, 1), { daily: [1_000, 1_000] }),
    cellOf(bernoulli(0.02), { daily: [10, 10] }),
    cellOf(bernoulli(0.02), { daily: [100, 100] }),
    cellOf(bernoulli(0.02), { daily: [1_000, 1_000] }),
    cellOf(lognormal(1), { daily: [10, 10] }),
    cellOf(lognormal(1), { daily: [100, 100] }),
    cellOf(lognormal(2), { daily: [10, 10] }),
    cellOf(lognormal(2), { daily: [100, 100] }),
    cellOf(buyers(0.02, 1.5), { daily: [100, 100] }),
    cellOf(lognormal(1), { daily: [10, 10], tuning: 500 }),
    cellOf(lognormal(1), { daily: [10, 10], effect: 0.1 }),
    cellOf(lognormal(1), { daily: [100, 100], effect: 0.1 }),
    cellOf(bernoulli(0.02), { daily: [100, 100], effect: 0.1 }),
    cellOf(bernoulli(0.02), { daily: [25, 225] }),
    cellOf(bernoulli(0.02), { daily: [1_000, 9_000] }),
    cellOf(lognormal(1), { daily: [25, 225] }),
    cellOf(lognormal(2), { daily: [25, 225] }),
  ],
};

interface Plan {
  readonly daily: readonly [control: number, treatment: number];
  /** Relative, of which the interval is judged then; without, none, and the absolute interval is judged. */
  readonly effect?: number;
  /** Of both arms; the default of `compareVariants`. */
  readonly tuning?: number;
}

function cellOf(population: Population, { daily, effect = 0, tuning = 5_000 }: Plan): Cell {
  const relative = effect !== 0;
  const shown = relative ? 'relative' : 'absolute';
  const methods = { sequential: { kind: 'sequential', tuning }, fixed: { kind: 'fixed-horizon' } } as const;
  return {
    id: `sequential, ${population.name}, ${shown}, ${daily.join(' and ')} a day, tuning ${tuning}`,
    replicate: (stream) => {
      const options = { relative, relativeInterval: 'fieller', alpha: 0.05 } as const;
      const missed = { sequential: 0, fixed: 0 };
      let [control, treatment] = [
        population.draw(stream, daily[0], 0),
        population.draw(stream, daily[1], effect),
      ];
      for (let look = 1; look <= looks; look += 1) {
        for (const key of ['sequential', 'fixed'] as const) {
          const result = compareArms(control, treatment, { ...options, method: methods[key] });
          // A look without an interval claims nothing.
          const isMissed = result.kind === 'comparison' && (result.lower > effect || result.upper < effect);
          if (isMissed) missed[key] = 1;
        }
        control = addArms(control, population.draw(stream, daily[0], 0));
        treatment = addArms(treatment, population.draw(stream, daily[1], effect));
      }
      return missed;
    },
    row: (tally, replications): Row => {
      const held = replications - countOf(tally, 'sequential');
      const figures = [
        population.name,
        shown,
        daily.map((users) => users.toLocaleString('en')).join(' and '),
        tuning.toLocaleString('en'),
        `+${100 * effect} %`,
        percent(held, replications),
        percent(countOf(tally, 'fixed'), replications),
      ];
      if (daily[0] !== daily[1]) return { figures };
      return {
        figures,
        bar: { text: `≥ ${100 * nominal} %`, met: held / replications >= nominal },
      };
    },
  };
}
