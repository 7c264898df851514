import { createHash } from 'node:crypto';
import { betaSampler, type Beta } from './beta.ts';
import { seededRandom } from '../learning/seeded-random.ts';

/** Draws that stand for a posterior. */
export const drawCount = 256;

/** Draws `drawCount` times from `posterior`; the same `seed` gives the same draws. */
export function drawPosterior(posterior: Beta, seed: string): Float32Array {
  const sample = betaSampler(seededRandom(createHash('sha256').update(seed).digest().readInt32LE()));
  return Float32Array.from({ length: drawCount }, () => sample(posterior));
}
