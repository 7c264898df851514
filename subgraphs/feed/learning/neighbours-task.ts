import { z } from 'zod';
import type { ItemTraits } from './item-traits.ts';
import type { DeepParameters } from './deep-neighbours.ts';
import type { ChoiceMatrix, Neighbours, Rp3betaParameters } from './rp3beta.ts';
import { choicesSchema, traitsSchema } from './task-data.ts';
import { float32Array, int32Array, runTrainingThread, type ThreadOptions } from './training-thread.ts';

/** How neighbours are found: from choices alone within seconds, or from choices, vendors and tags within minutes. */
export type NeighbourMethod =
  | { readonly kind: 'rp3beta'; readonly parameters: Rp3betaParameters }
  | {
      readonly kind: 'deep';
      readonly traits: ItemTraits;
      readonly parameters: DeepParameters;
      readonly threads: number;
    };

const rp3betaParameters = z.object({ k: z.number().int(), alpha: z.number(), beta: z.number() });

/** What the worker thread is started with. */
export const taskSchema = z.object({
  choices: choicesSchema,
  method: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('rp3beta'), parameters: rp3betaParameters }),
    z.object({
      kind: z.literal('deep'),
      traits: traitsSchema,
      parameters: z.object({
        ease: z.object({
          k: z.number().int(),
          discount: z.number(),
          lambda: z.number(),
          vendorWeight: z.number(),
          tagWeight: z.number(),
        }),
        rp3beta: rp3betaParameters,
        easeItems: z.number().int(),
      }),
      threads: z.number().int(),
    }),
  ]),
});

const neighboursSchema = z.object({ k: z.number(), items: int32Array, scores: float32Array });

/** Finds the neighbours in a worker thread. */
export function neighboursInThread(
  choices: ChoiceMatrix,
  method: NeighbourMethod,
  options: ThreadOptions,
): Promise<Neighbours> {
  return runTrainingThread(
    new URL('./neighbours-worker.ts', import.meta.url),
    { workerData: { choices, method }, transfer: [] },
    neighboursSchema,
    options,
  );
}
