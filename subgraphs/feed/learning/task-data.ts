import { z } from 'zod';
import { float64Array, int32Array } from './training-thread.ts';

/** A `ChoiceMatrix` that has crossed a thread's border. */
export const choicesSchema = z.object({
  itemCount: z.number().int(),
  offsets: int32Array,
  items: int32Array,
});

/** `ItemTraits` that have crossed a thread's border. */
export const traitsSchema = z.object({
  vendors: int32Array,
  tagOffsets: int32Array,
  tags: int32Array,
  idf: float64Array,
});
