import { drawEffects, segmentOf } from './effects.ts';
import { logistic, usualSize, type World, type WorldSize } from './world.ts';

/** Log-odds of a save before all effects: some 7 %. */
const base = -2.6;

const noTaste = new Float64Array(0);

/**
 * P(save) = σ(−2.6 + u_s + c_k + v_j + e_a) for segment s and arm a of category k and vendor j;
 * u ~ N(0, 0.3²), c, v, e ~ N(0, 0.4²). What is best in one segment is best in all, and nothing ever changes, so a
 * policy that learns has less and less to regret.
 */
export function additiveWorld(seed: number, size: WorldSize = usualSize): World {
  const { arms, ofSegment, ofArm } = drawEffects(seed, size);
  return {
    name: 'additive',
    segments: size.segments,
    arms,
    visitor: (round) => ({ segment: segmentOf(seed, round, size.segments), taste: noTaste }),
    reward: (_round, { segment }, arm) => logistic(base + (ofSegment[segment] ?? 0) + (ofArm[arm] ?? 0)),
  };
}
