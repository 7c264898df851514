import type {
  MeanStatistics,
  ProportionStatistics,
} from '../../subgraphs/experiments/statistics/estimate-arm.ts';
import type { RandomStream } from './random-stream.ts';

/** What users do: its mean and variance for one user, and how the sums over an arm of them are drawn. */
export interface Population {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  /** An arm of `n` users whose mean is (1 + `effect`) times the population's. */
  draw(stream: RandomStream, n: number, effect: number): MeanStatistics | ProportionStatistics;
}

/** The effect shifts everybody, so that the variance stays as it is. */
export function normal(mean: number, deviation: number): Population {
  return {
    name: 'normal',
    mean,
    variance: deviation ** 2,
    draw: (stream, n, effect) => {
      const center = mean * (1 + effect);
      return sumsOf(n, () => center + deviation * stream.normal());
    },
  };
}

/** The same drawn as sums, not user by user: their mean and their squared deviations are independent (Cochran). */
export function normalBySums(mean: number, deviation: number): Population {
  return {
    ...normal(mean, deviation),
    draw: (stream, n, effect) => {
      const drawn = mean * (1 + effect) + (deviation * stream.normal()) / Math.sqrt(n);
      const deviations = deviation ** 2 * stream.chiSquare(n - 1);
      return { kind: 'mean', n, sum: n * drawn, sumSquares: deviations + n * drawn ** 2 };
    },
  };
}

/** The effect multiplies everybody's value. */
export function lognormal(sigma: number): Population {
  return {
    name: `lognormal σ ${sigma}`,
    mean: Math.exp(sigma ** 2 / 2),
    variance: Math.expm1(sigma ** 2) * Math.exp(sigma ** 2),
    draw: (stream, n, effect) => sumsOf(n, () => (1 + effect) * Math.exp(sigma * stream.normal())),
  };
}

export function bernoulli(share: number): Population {
  return {
    name: `Bernoulli ${100 * share} %`,
    mean: share,
    variance: share * (1 - share),
    draw: (stream, n, effect) => ({
      kind: 'proportion',
      n,
      successes: stream.binomial(n, share * (1 + effect)),
    }),
  };
}

/** Revenue: most users buy nothing, and the effect multiplies what buyers spend. */
export function buyers(share: number, sigma: number): Population {
  const mean = share * Math.exp(sigma ** 2 / 2);
  return {
    name: `${100 * share} % buyers × lognormal σ ${sigma}`,
    mean,
    variance: share * Math.exp(2 * sigma ** 2) - mean ** 2,
    draw: (stream, n, effect) => {
      const buying = sumsOf(
        stream.binomial(n, share),
        () => (1 + effect) * Math.exp(sigma * stream.normal()),
      );
      return { ...buying, n };
    },
  };
}

/** Both arms' sums together, as those of two days. */
export function addArms<T extends MeanStatistics | ProportionStatistics>(a: T, b: T): T;
export function addArms(
  a: MeanStatistics | ProportionStatistics,
  b: MeanStatistics | ProportionStatistics,
): MeanStatistics | ProportionStatistics {
  if (a.kind === 'mean' && b.kind === 'mean') {
    return { kind: 'mean', n: a.n + b.n, sum: a.sum + b.sum, sumSquares: a.sumSquares + b.sumSquares };
  }
  if (a.kind === 'mean' || b.kind === 'mean') throw new TypeError('A mean and a proportion do not add up.');
  return { kind: a.kind, n: a.n + b.n, successes: a.successes + b.successes };
}

function sumsOf(n: number, draw: () => number): MeanStatistics {
  let [sum, sumSquares] = [0, 0];
  for (let user = 0; user < n; user += 1) {
    const value = draw();
    sum += value;
    sumSquares += value * value;
  }
  return { kind: 'mean', n, sum, sumSquares };
}
