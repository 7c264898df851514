import type { World } from '../../evaluation/worlds/world.ts';
import { ArmEvidence, type ArmItem } from '../../subgraphs/feed/exploration/arm-evidence.ts';
import { betaMean, betaSampler, type Beta, type Uniform } from '../../subgraphs/feed/exploration/beta.ts';
import { Posteriors } from '../../subgraphs/feed/exploration/posteriors.ts';

/** What shows an arm to a segment and learns from what came of it. */
export interface Policy {
  choose(segment: number): number;
  learn(segment: number, arm: number, saved: boolean): void;
}

/** After so many rounds the levels above the items follow the evidence, and what is old is forgotten a little. */
const poolEvery = 250;

interface LearningOptions {
  /** Rounds after which an impression counts half; null for never. */
  readonly halfLife: number | null;
}

/** What a simulation calls a segment. */
function segmentName(segment: number): string {
  return `segment-${segment}`;
}

/** Thompson sampling by the feed's own posteriors: the arm with the greatest draw. */
export function thompson(world: World, uniform: Uniform, options: LearningOptions): Policy {
  return thompsonOf(new Beliefs(world, options), uniform);
}

/** The same by beliefs that somebody else looks at too. */
export function thompsonOf(beliefs: Beliefs, uniform: Uniform): Policy {
  const sample = betaSampler(uniform);
  return {
    choose: (segment) => greatest(beliefs.of(segment), sample),
    learn: (...seen) => beliefs.learn(...seen),
  };
}

/** ε-greedy by the same posteriors: the arm with the greatest mean, or with probability ε any. */
export function epsilonGreedy(
  world: World,
  uniform: Uniform,
  { epsilon, ...options }: LearningOptions & { readonly epsilon: number },
): Policy {
  const beliefs = new Beliefs(world, options);
  return {
    choose: (segment) =>
      uniform() < epsilon
        ? Math.floor(uniform() * world.arms.length)
        : greatest(beliefs.of(segment), betaMean),
    learn: (...seen) => beliefs.learn(...seen),
  };
}

function greatest(posteriors: readonly Beta[], valueOf: (posterior: Beta) => number): number {
  let best = 0;
  let bestValue = -1;
  for (const [arm, posterior] of posteriors.entries()) {
    const value = valueOf(posterior);
    if (value > bestValue) [best, bestValue] = [arm, value];
  }
  return best;
}

/** The posteriors of every arm in every segment, kept up to date. */
export class Beliefs {
  readonly #arms: readonly ArmItem[];
  readonly #evidence = new ArmEvidence();
  readonly #posteriors = new Posteriors(this.#evidence);
  readonly #current: Beta[][];
  readonly #keep: number;
  #round = 0;

  constructor(world: World, { halfLife }: { readonly halfLife: number | null }) {
    this.#arms = world.arms;
    this.#keep = halfLife === null ? 1 : 2 ** (-poolEvery / halfLife);
    this.#current = Array.from({ length: world.segments }, () => []);
    this.#refreshAll();
  }

  /** By arm. */
  of(segment: number): readonly Beta[] {
    return this.#current[segment] ?? [];
  }

  learn(segment: number, arm: number, saved: boolean): void {
    const item = this.#arms[arm];
    if (item === undefined) return;
    this.#evidence.add(segmentName(segment), item, { trials: 1, successes: saved ? 1 : 0 });
    this.#round++;
    if (this.#round % poolEvery > 0) this.#refresh(arm, item);
    else {
      if (this.#keep < 1) this.#evidence.forget(this.#keep);
      this.#posteriors.pool();
      this.#refreshAll();
    }
  }

  #refresh(arm: number, item: ArmItem): void {
    for (const [segment, posteriors] of this.#current.entries()) {
      posteriors[arm] = this.#posteriors.of(segmentName(segment), item);
    }
  }

  #refreshAll(): void {
    for (const [arm, item] of this.#arms.entries()) this.#refresh(arm, item);
  }
}
