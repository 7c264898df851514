import { compareArms } from '../../../subgraphs/experiments/statistics/compare-arms.ts';
import { countOf, number, percent, text, type Cell, type Group, type Row } from '../cell.ts';
import { bernoulli, buyers, lognormal, normal, type Population } from '../populations.ts';

const most = 0.055;

/** How often the absolute test at 5 % finds a difference where there is none. */
export const typeOneError: Group = {
  title: 'False alarms of the absolute test',
  columns: [text('values of users'), number('users in each arm'), number('found a difference')],
  cells: [
    cellOf(normal(1, 1), [5_000, 5_000], { least: 0.045 }),
    cellOf(bernoulli(0.02), [5_000, 5_000], { least: 0.045 }),
    cellOf(lognormal(1), [5_000, 5_000], { least: 0.045 }),
    cellOf(lognormal(2), [5_000, 5_000], { least: 0 }),
    cellOf(buyers(0.02, 1.5), [5_000, 5_000], { least: 0 }),
    cellOf(lognormal(1), [1_000, 9_000]),
    cellOf(lognormal(2), [1_000, 9_000]),
  ],
};

function cellOf(
  population: Population,
  [control, treatment]: readonly [number, number],
  bar?: { readonly least: number },
): Cell {
  const users =
    control === treatment
      ? control.toLocaleString('en')
      : `${control.toLocaleString('en')} and ${treatment.toLocaleString('en')}`;
  return {
    id: `absolute test, ${population.name}, ${users}`,
    replicate: (stream) => {
      const [a, b] = [population.draw(stream, control, 0), population.draw(stream, treatment, 0)];
      const result = compareArms(a, b, { method: { kind: 'fixed-horizon' }, relative: false, alpha: 0.05 });
      return { found: result.kind === 'comparison' && result.significant ? 1 : 0 };
    },
    row: (tally, replications): Row => {
      const found = countOf(tally, 'found');
      const figures = [population.name, users, percent(found, replications)];
      if (bar === undefined) return { figures };
      const share = found / replications;
      return {
        figures,
        bar: {
          text: bar.least > 0 ? `${100 * bar.least}–${100 * most} %` : `≤ ${100 * most} %`,
          met: share >= bar.least && share <= most,
        },
      };
    },
  };
}
