import { Random } from '../../cli/seed/random.ts';
import { drawEffects, segmentOf } from './effects.ts';
import { logistic, usualSize, type World, type WorldSize } from './world.ts';

/** Log-odds of a save before all effects: some 7 %. */
const base = -2.6;

/** Rounds of an epoch, in which nothing changes. */
export const epochRounds = 4_000;

/** What is left of a fashion from one epoch to the next. */
const persistence = 0.5;

/** The standard deviation of a fashion over all times. */
const deviation = 1;

const stream = 301;

const noTaste = new Float64Array(0);

/**
 * P(save) = σ(−2.6 + u_s + c_k + v_j + e_a + f_a(epoch)), the additive world with a fashion that changes every 4,000
 * rounds: f_a(t) = 0.5 · f_a(t − 1) + √(1 − 0.5²) · ε, ε ~ N(0, 1), stationary with deviation 1. What was learned long ago
 * misleads, so a policy has to forget.
 */
export function driftingWorld(seed: number, size: WorldSize = usualSize): World {
  const { arms, ofSegment, ofArm } = drawEffects(seed, size);
  const random = new Random(seed, stream);
  const epochs: Float64Array[] = [];
  const fashionOf = (epoch: number): Float64Array => {
    for (let next = epochs.length; next <= epoch; next++) {
      const before = epochs[next - 1];
      epochs.push(
        Float64Array.from({ length: size.arms }, (_, arm) =>
          before === undefined
            ? deviation * random.normal()
            : persistence * (before[arm] ?? 0) +
              Math.sqrt(1 - persistence ** 2) * deviation * random.normal(),
        ),
      );
    }
    return epochs[epoch] ?? new Float64Array(size.arms);
  };
  return {
    name: 'drifting',
    segments: size.segments,
    arms,
    visitor: (round) => ({ segment: segmentOf(seed, round, size.segments), taste: noTaste }),
    reward: (round, { segment }, arm) =>
      logistic(
        base +
          (ofSegment[segment] ?? 0) +
          (ofArm[arm] ?? 0) +
          (fashionOf(Math.floor(round / epochRounds))[arm] ?? 0),
      ),
  };
}
