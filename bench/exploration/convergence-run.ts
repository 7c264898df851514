import { Random } from '../../cli/seed/random.ts';
import { additiveWorld } from '../../evaluation/worlds/additive.ts';
import { seededRandom } from '../../subgraphs/feed/learning/seeded-random.ts';
import { convergenceOf, type Convergence } from '../../subgraphs/feed/exploration/convergence.ts';
import { drawPosterior } from '../../subgraphs/feed/exploration/posterior-draws.ts';
import { shareFor } from '../../subgraphs/feed/exploration/slot-positions.ts';
import { Beliefs, thompsonOf } from './learning-policy.ts';
import { rules } from './slot-feed.ts';

export interface ConvergencePoint extends Convergence {
  readonly rounds: number;
  /** Of the positions after the third, what exploration would get. */
  readonly share: number;
}

/** How posteriors of one segment of the additive world narrow as Thompson sampling goes on. */
export function convergenceRun(seed: number, at: readonly number[]): ConvergencePoint[] {
  const world = additiveWorld(seed);
  const beliefs = new Beliefs(world, { halfLife: null });
  const policy = thompsonOf(beliefs, seededRandom(seed));
  const random = new Random(seed, 91);
  const points: ConvergencePoint[] = [];
  for (let round = 0; round <= Math.max(...at); round++) {
    if (at.includes(round)) {
      const posteriors = beliefs.of(0);
      const draws = posteriors.map((posterior, arm) => drawPosterior(posterior, `${round} ${arm}`));
      points.push({
        rounds: round,
        ...convergenceOf(posteriors, draws),
        share: shareFor(posteriors, rules.share),
      });
    }
    const visitor = world.visitor(round);
    const arm = policy.choose(visitor.segment);
    policy.learn(visitor.segment, arm, random.chance(world.reward(round, visitor, arm)));
  }
  return points;
}
