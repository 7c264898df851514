import { Random } from '../../cli/seed/random.ts';
import { estimatePolicy } from '../../evaluation/off-policy/estimate.ts';
import type { LoggedChoice } from '../../evaluation/off-policy/logged-choice.ts';
import { overlapOf, refusalsOf } from '../../evaluation/off-policy/overlap.ts';
import { additiveWorld } from '../../evaluation/worlds/additive.ts';
import type { World } from '../../evaluation/worlds/world.ts';
import { seededRandom } from '../../subgraphs/feed/learning/seeded-random.ts';
import { winShares } from '../../subgraphs/feed/exploration/convergence.ts';
import { fillSlots, type SlotArm } from '../../subgraphs/feed/exploration/fill-slots.ts';
import { Beliefs } from './learning-policy.ts';
import { armsOf, rankedOf, rules } from './slot-feed.ts';

export const runs = 200;
export const logged = 2_000;

/** Impressions by chance from which A has its posteriors, and those from which B has: the same and some more. */
export const learnedFrom = { a: 200, b: 300 } as const;

export interface Coverage {
  /** Of runs that were not refused, those whose 95 % interval has B's value, by estimator. */
  readonly covered: { readonly ipw: number; readonly snipw: number; readonly doublyRobust: number };
  /** Runs that were refused on the way to 200 that were not. */
  readonly refused: number;
  /** Effective sample sizes as shares of the log, by run that was not refused. */
  readonly shares: readonly number[];
  readonly valuesOfA: readonly number[];
  readonly valuesOfB: readonly number[];
}

/**
 * In additive worlds, until 200 evaluations were not refused: policy A fills slots and is logged, policy B has learned from half as much again, and what B would earn
 * is estimated from A's log. B's value in the simulation is the mean over segments and its own chances.
 */
export function measureCoverage(): Coverage {
  const covered = { ipw: 0, snipw: 0, doublyRobust: 0 };
  const [shares, valuesOfA, valuesOfB]: [number[], number[], number[]] = [[], [], []];
  let refused = 0;
  for (let seed = 10_000; shares.length < runs; seed++) {
    const world = additiveWorld(seed);
    const a = slotPolicy(world, seed, 'a');
    const b = slotPolicy(world, seed, 'b');
    const truth = valueOf(world, b);
    const choices = logOf(world, { a, b, seed });
    const overlap = overlapOf(choices);
    if (refusalsOf(overlap).length > 0) {
      refused++;
      continue;
    }
    const estimates = estimatePolicy({ choices, actions: null, leftOut: new Map() });
    for (const name of ['ipw', 'snipw', 'doublyRobust'] as const) {
      if (estimates[name].low <= truth && truth <= estimates[name].high) covered[name]++;
    }
    shares.push(overlap.effectiveShare);
    valuesOfA.push(valueOf(world, a));
    valuesOfB.push(truth);
  }
  return { covered, shares, refused, valuesOfA, valuesOfB };
}

/** By segment, the arms of a slot and how probable each is. */
interface SlotPolicy {
  readonly arms: readonly (readonly SlotArm[])[];
  readonly chances: readonly Float64Array[];
}

/** Thompson sampling by what so many impressions by chance have shown. */
function slotPolicy(world: World, seed: number, name: 'a' | 'b'): SlotPolicy {
  const beliefs = new Beliefs(world, { halfLife: null });
  const random = new Random(seed, 81);
  for (let round = 0; round < learnedFrom[name]; round++) {
    const visitor = world.visitor(round);
    const arm = random.below(world.arms.length);
    beliefs.learn(visitor.segment, arm, random.chance(world.reward(round, visitor, arm)));
  }
  const arms = Array.from({ length: world.segments }, (_, segment) =>
    armsOf(world, beliefs.of(segment), `${seed} ${name} ${segment}`),
  );
  return { arms, chances: arms.map((list) => winShares(list.map(({ draws }) => draws))) };
}

/** The probability of a save of what the policy shows, over segments. */
function valueOf(world: World, { chances }: SlotPolicy): number {
  let sum = 0;
  for (const [segment, shares] of chances.entries()) {
    for (const [arm, share] of shares.entries()) {
      sum += share * world.reward(0, { segment, taste: new Float64Array(0) }, arm);
    }
  }
  return sum / world.segments;
}

/** What A chose for each visitor, with what it logs, and the chance that B would have chosen it. */
function logOf(
  world: World,
  { a, b, seed }: { readonly a: SlotPolicy; readonly b: SlotPolicy; readonly seed: number },
): LoggedChoice[] {
  const uniform = seededRandom(seed);
  const random = new Random(seed, 83);
  // The fourth position is the only slot.
  const ranked = rankedOf(4);
  const armOf = new Map(world.arms.map(({ id }, arm) => [id, arm]));
  return Array.from({ length: logged }, (_, index) => {
    const visitor = world.visitor(1_000_000 + index);
    const feed = fillSlots(ranked, a.arms[visitor.segment] ?? [], { ...rules, share: 1 }, uniform);
    const chosen = feed.find(({ slot }) => slot !== null);
    if (chosen?.slot == null) throw new Error('The feed has a slot.');
    const arm = armOf.get(chosen.id) ?? -1;
    return {
      cluster: String(index),
      action: chosen.id,
      propensity: chosen.slot.propensity,
      target: b.chances[visitor.segment]?.[arm] ?? 0,
      reward: random.chance(world.reward(0, visitor, arm)) ? 1 : 0,
    };
  });
}
