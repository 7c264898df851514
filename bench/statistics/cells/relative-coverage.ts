import { compareArms } from '../../../subgraphs/experiments/statistics/compare-arms.ts';
import { countOf, number, percent, text, type Cell, type Group, type Row } from '../cell.ts';
import { bernoulli, buyers, lognormal, normal, type Population } from '../populations.ts';

/** From so many standard errors on, the control mean is fit to divide by. */
const strong = 10;
const nominal = { share: 0.95, off: 0.007 };

/** How often the 95 % interval of the relative effect holds the true one. */
export const relativeCoverage: Group = {
  title: 'Intervals of the relative effect',
  columns: [
    text('values of users'),
    number('users in each arm'),
    number('control mean / SE'),
    number('effect'),
    number('delta interval holds it'),
    number('Fieller interval holds it'),
    number('no Fieller interval'),
  ],
  cells: [0, 0.1].flatMap((effect) => [
    cellOf(normal(1, 1), 5_000, effect),
    cellOf(lognormal(1), 5_000, effect),
    cellOf(normal(1, Math.sqrt(50)), 5_000, effect),
    cellOf(bernoulli(0.02), 5_000, effect),
    cellOf(lognormal(2), 20_000, effect),
    cellOf(buyers(0.02, 1.5), 50_000, effect),
    cellOf(normal(1, Math.sqrt(200)), 5_000, effect),
    cellOf(normal(1, Math.sqrt(555)), 5_000, effect),
  ]),
};

function cellOf(population: Population, n: number, effect: number): Cell {
  const strength = population.mean / Math.sqrt(population.variance / n);
  const isJudged = strength >= strong - 1e-9;
  return {
    id: `relative interval, ${population.name}, mean/SE ${strength.toFixed(1)}, effect ${100 * effect} %`,
    replicate: (stream) => {
      const [a, b] = [population.draw(stream, n, 0), population.draw(stream, n, effect)];
      const options = { method: { kind: 'fixed-horizon' }, relative: true, alpha: 0.05 } as const;
      const delta = compareArms(a, b, options);
      const shown = compareArms(a, b, { ...options, relativeInterval: 'fieller' });
      const holds = (result: typeof delta): boolean =>
        result.kind === 'comparison' && result.lower <= effect && effect <= result.upper;
      return {
        delta: holds(delta) ? 1 : 0,
        shown: holds(shown) ? 1 : 0,
        none: shown.kind === 'invalid' ? 1 : 0,
      };
    },
    row: (tally, replications): Row => {
      const [delta, shown, none] = ['delta', 'shown', 'none'].map((key) => countOf(tally, key));
      const answered = replications - (none ?? 0);
      const figures = [
        population.name,
        n.toLocaleString('en'),
        strength.toFixed(1),
        `+${100 * effect} %`,
        percent(delta ?? 0, replications),
        percent(shown ?? 0, answered),
        `${((100 * (none ?? 0)) / replications).toFixed(2)} %`,
      ];
      if (!isJudged) return { figures };
      const share = (delta ?? 0) / replications;
      return {
        figures,
        bar: { text: '95 ± 0.7 %', met: Math.abs(share - nominal.share) <= nominal.off },
      };
    },
  };
}
