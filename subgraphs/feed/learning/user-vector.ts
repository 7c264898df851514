import { at } from './typed-array.ts';

/** A choice says half as much in the user's vector as one this much later. */
const halfLifeMs = 90 * 86_400_000;

/** The latest choices of a user that count. */
export const choicesRead = 200;

/** What somebody chose, and where it lies; null where it lies nowhere. */
export interface PlacedChoice {
  readonly at: Date;
  readonly vector: Float32Array | null;
}

/** The mean of the vectors of choices, which come the latest first and count the more the later; null where none has one. */
export function userVector(choices: readonly PlacedChoice[]): Float32Array<ArrayBuffer> | null {
  const newest = choices[0]?.at.getTime() ?? 0;
  let sum: Float32Array<ArrayBuffer> | null = null;
  for (const { at: chosenAt, vector } of choices) {
    if (vector === null) continue;
    const weight = 2 ** ((chosenAt.getTime() - newest) / halfLifeMs);
    sum ??= new Float32Array(vector.length);
    for (let index = 0; index < sum.length; index++) {
      sum[index] = at(sum, index) + weight * at(vector, index);
    }
  }
  return sum?.some((value) => value !== 0) === true ? sum : null;
}
