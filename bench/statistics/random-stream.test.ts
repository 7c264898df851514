import { describe, expect, it } from 'vitest';
import { chiSquareSurvival, normalCdf } from '../../subgraphs/experiments/statistics/distributions.ts';
import { RandomStream, seedOf } from './random-stream.ts';

const draws = 100_000;

/** p of Pearson's test that `draw` falls into the bins 0, 1, … as often as `shares` say. Seeds are fixed, so it is always the same. */
function fitOf(draw: () => number, shares: readonly number[]): number {
  const counts = new Float64Array(shares.length);
  for (let index = 0; index < draws; index += 1) {
    const bin = draw();
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(draws);
  const statistic = shares.reduce((sum, share, bin) => {
    return sum + ((counts[bin] ?? 0) - draws * share) ** 2 / (draws * share);
  }, 0);
  return chiSquareSurvival(statistic, shares.length - 1);
}

const bins = 50;
const evenly = Array.from({ length: bins }, () => 1 / bins);
/** A wrong generator has a p-value that no double can tell from 0. */
const doubtful = 0.001;

describe('RandomStream', () => {
  it('draws uniform, normal and χ² values', () => {
    const stream = new RandomStream(1);
    const binOf = (probability: number): number => Math.floor(bins * probability);
    expect(fitOf(() => binOf(stream.uniform()), evenly)).toBeGreaterThan(doubtful);
    expect(fitOf(() => binOf(normalCdf(stream.normal())), evenly)).toBeGreaterThan(doubtful);
    for (const df of [2, 9, 999]) {
      const draw = (): number => binOf(chiSquareSurvival(stream.chiSquare(df), df));
      expect(fitOf(draw, evenly)).toBeGreaterThan(doubtful);
    }
  });

  it('draws the tails of the normal distribution, which the ziggurat makes by itself', () => {
    const stream = new RandomStream(2);
    let beyond = 0;
    const many = 2_000_000;
    for (let index = 0; index < many; index += 1) if (Math.abs(stream.normal()) > 3.5) beyond += 1;
    const expected = 2 * normalCdf(-3.5) * many;
    expect(Math.abs(beyond - expected) / Math.sqrt(expected)).toBeLessThan(4);
  });

  it.each([
    [4, 0.5],
    [12, 0.02],
    [12, 0.98],
    [60, 0.4],
    [200, 0.9],
  ])('draws binomial counts of %i trials at %d', (trials, share) => {
    const stream = new RandomStream(3);
    const shares = [(1 - share) ** trials];
    for (let k = 1; k <= trials; k += 1) {
      shares.push(((shares[k - 1] ?? 0) * (trials - k + 1) * share) / (k * (1 - share)));
    }
    // Counts too rare to test by themselves count as their neighbours towards the middle.
    const isCommon = (chance: number): boolean => chance * draws > 10;
    const [first, last] = [shares.findIndex(isCommon), shares.findLastIndex(isCommon)];
    const pooled = shares.slice(first, last + 1);
    pooled[0] = shares.slice(0, first + 1).reduce((sum, chance) => sum + chance, 0);
    pooled[last - first] = shares.slice(last).reduce((sum, chance) => sum + chance, 0);
    const draw = (): number => Math.min(last, Math.max(first, stream.binomial(trials, share))) - first;
    expect(fitOf(draw, pooled)).toBeGreaterThan(doubtful);
  });

  it('repeats itself for the same seed and index, and for no other', () => {
    const start = (name: string, index?: number): number[] => {
      const stream = new RandomStream(seedOf(name), index);
      return Array.from({ length: 4 }, () => stream.uniform());
    };
    expect(start('a')).toEqual(start('a', 0));
    const all = [start('a'), start('a', 1), start('a', 2), start('b'), start('b', 1)].flat();
    expect(new Set(all).size).toBe(all.length);
  });
});
