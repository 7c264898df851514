import { additiveWorld } from '../../evaluation/worlds/additive.ts';
import { bilinearWorld } from '../../evaluation/worlds/bilinear.ts';
import { driftingWorld } from '../../evaluation/worlds/drifting.ts';
import type { World } from '../../evaluation/worlds/world.ts';
import { studentTQuantile } from '../../subgraphs/experiments/statistics/distributions.ts';
import type { Uniform } from '../../subgraphs/feed/exploration/beta.ts';
import { seededRandom } from '../../subgraphs/feed/learning/seeded-random.ts';
import { epsilonGreedy, thompson, type Policy } from './learning-policy.ts';
import { curvePoints, regretOf } from './simulate.ts';

export const rounds = 40_000;
export const seeds = 20;

/** An impression counts half after as many rounds as a fashion of the drifting world lasts. */
const halfLife = 4_000;

export const policies = {
  thompson: 'Thompson sampling',
  forgetting: 'Thompson sampling, forgetting',
  greedy: 'ε-greedy 0.1',
} as const;

export type PolicyName = keyof typeof policies;

const makers: Readonly<Record<PolicyName, (world: World, uniform: Uniform) => Policy>> = {
  thompson: (world, uniform) => thompson(world, uniform, { halfLife: null }),
  forgetting: (world, uniform) => thompson(world, uniform, { halfLife }),
  greedy: (world, uniform) => epsilonGreedy(world, uniform, { halfLife: null, epsilon: 0.1 }),
};

const worlds = { additive: additiveWorld, bilinear: bilinearWorld, drifting: driftingWorld } as const;

export type WorldName = keyof typeof worlds;

/** Cumulative regret by seed, after each of `curvePoints` equal parts of the rounds. */
export type Curves = Readonly<Record<PolicyName, readonly (readonly number[])[]>>;

/** Runs every policy in a world on each of 20 seeds. */
export function measureRegret(name: WorldName): Curves {
  const run = (policy: PolicyName): number[][] =>
    Array.from({ length: seeds }, (_, index) => {
      const seed = index + 1;
      const world = worlds[name](seed);
      return regretOf(world, makers[policy](world, seededRandom(seed)), { rounds, seed });
    });
  return { thompson: run('thompson'), forgetting: run('forgetting'), greedy: run('greedy') };
}

/** A mean over seeds with its 95 % interval by Student's t. */
export interface SeedMean {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export function meanOverSeeds(values: readonly number[]): SeedMean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = studentTQuantile(0.975, values.length - 1) * Math.sqrt(variance / values.length);
  return { mean, low: mean - half, high: mean + half };
}

/** Regret at the end, by seed. */
export function finals(curves: readonly (readonly number[])[]): number[] {
  return curves.map((curve) => curve.at(-1) ?? Number.NaN);
}

/** How much more regret `a` has than `b` at the end, seed by seed. */
export function pairedDifference(a: Curves[PolicyName], b: Curves[PolicyName]): SeedMean {
  const others = finals(b);
  return meanOverSeeds(finals(a).map((value, seed) => value - (others[seed] ?? Number.NaN)));
}

/**
 * The exponent b of regret ≈ a · t^b, by least squares of ln regret on ln t after the first eighth of the rounds; below 1
 * regret grows ever slower.
 */
export function growthExponent(curve: readonly number[]): number {
  const points = curve
    .map((regret, index) => ({ x: Math.log((index + 1) / curvePoints), y: Math.log(regret), index }))
    .filter(({ index }) => index + 1 >= curvePoints / 8);
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [meanOf(points.map(({ x }) => x)), meanOf(points.map(({ y }) => y))];
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}
