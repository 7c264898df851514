import { fnv1a32, fnv1a32Bytes } from '../metrics/fnv1a32.ts';
import type { Model } from './model.ts';

/** Any order, the same each time: `fnv1a32(user + ":" + item + ":random-1")`. `candidateIds` are the training's unless given. */
export function random(candidateIds?: readonly string[]): Model {
  return {
    fit: ({ itemIds }) => {
      const endings = (candidateIds ?? itemIds).map((itemId) => Buffer.from(`${itemId}:random-1`, 'utf8'));
      return ({ userId }, scores) => {
        const start = fnv1a32(`${userId}:`);
        for (const [item, ending] of endings.entries()) scores[item] = fnv1a32Bytes(ending, start);
      };
    },
  };
}
