import { Random } from '../../cli/seed/random.ts';
import { drawEffects, segmentOf } from './effects.ts';
import { logistic, usualSize, type World, type WorldSize } from './world.ts';

/** Log-odds of a save by somebody without any taste: some 7 %. */
const base = -2.6;

/** Dimensions of tastes and of arms. */
const dimensions = 5;

/** How far a visitor's taste lies from the middle of the segment, as a standard deviation in each dimension. */
const spread = 0.7;

const streams = { middles: 201, arms: 202, visitors: 203 };

/**
 * P(save) = σ(−2.6 + x · θ_a) for a visitor's taste x = m_s + ε, with m_s ~ N(0, I₅) the middle of segment s,
 * ε ~ N(0, 0.7² I₅) and arms θ_a ~ N(0, 0.5² I₅). The best arm is another one from person to person, while a policy is
 * told the segment alone: regret is against the best arm for the person, so no policy by segment gets rid of it.
 */
export function bilinearWorld(seed: number, size: WorldSize = usualSize): World {
  const { arms } = drawEffects(seed, size);
  const normals = (random: Random, deviation: number): Float64Array =>
    Float64Array.from({ length: dimensions }, () => deviation * random.normal());
  const middleRandom = new Random(seed, streams.middles);
  const armRandom = new Random(seed, streams.arms);
  const middles = Array.from({ length: size.segments }, () => normals(middleRandom, 1));
  const directions = arms.map(() => normals(armRandom, 0.5));
  return {
    name: 'bilinear',
    segments: size.segments,
    arms,
    visitor: (round) => {
      const segment = segmentOf(seed, round, size.segments);
      const own = normals(new Random(seed ^ Math.imul(round + 1, 0x85ebca6b), streams.visitors), spread);
      return { segment, taste: own.map((value, index) => value + (middles[segment]?.[index] ?? 0)) };
    },
    reward: (_round, { taste }, arm) => {
      const direction = directions[arm];
      let product = 0;
      for (let index = 0; index < dimensions; index++) {
        product += (taste[index] ?? 0) * (direction?.[index] ?? 0);
      }
      return logistic(base + product);
    },
  };
}
