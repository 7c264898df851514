import { createHash } from 'node:crypto';
import { betaSampler, seededUniform, type Beta } from './beta.ts';

/** Draws that stand for a posterior. */
export const drawCount = 256;

/** Draws `drawCount` times from `posterior`; the same `seed` gives the same draws. */
export function drawPosterior(posterior: Beta, seed: string): Float32Array {
  const sample = betaSampler(seededUniform(createHash('sha256').update(seed).digest().readInt32LE()));
  return Float32Array.from({ length: drawCount }, () => sample(posterior));
}
