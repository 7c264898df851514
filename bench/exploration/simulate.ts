import { Random } from '../../cli/seed/random.ts';
import type { World } from '../../evaluation/worlds/world.ts';
import type { Policy } from './learning-policy.ts';

/** Streams of a seed that worlds do not draw from. */
const stream = 901;

/** Points of a regret curve. */
export const curvePoints = 80;

/**
 * Lets `policy` run for `rounds`. Returns the cumulative pseudo-regret (the best arm's probability of a save, for whoever
 * came, less that of the arm shown) after each of 80 equal parts. Whether a visitor saves is drawn from the same numbers
 * for every policy of a seed.
 */
export function regretOf(
  world: World,
  policy: Policy,
  { rounds, seed }: { rounds: number; seed: number },
): number[] {
  const random = new Random(seed, stream);
  const curve: number[] = [];
  let regret = 0;
  for (let round = 0; round < rounds; round++) {
    const visitor = world.visitor(round);
    const arm = policy.choose(visitor.segment);
    const reward = world.reward(round, visitor, arm);
    let best = 0;
    for (let other = 0; other < world.arms.length; other++) {
      best = Math.max(best, world.reward(round, visitor, other));
    }
    regret += best - reward;
    policy.learn(visitor.segment, arm, random.next() < reward);
    if ((round + 1) % (rounds / curvePoints) === 0) curve.push(regret);
  }
  return curve;
}
