import { z } from 'zod';
import type { ItemTraits } from './item-traits.ts';
import type { VectorParameters, VectorTable } from './item-vectors.ts';
import type { ChoiceMatrix } from './rp3beta.ts';
import { choicesSchema, traitsSchema } from './task-data.ts';
import { float32Array, runTrainingThread, type ThreadOptions } from './training-thread.ts';
import type { FeatureParameters } from './vector-features.ts';

export interface VectorTask {
  readonly choices: ChoiceMatrix;
  readonly traits: ItemTraits;
  readonly vectors: VectorParameters;
  readonly features: FeatureParameters;
}

/** What the worker thread is started with. */
export const taskSchema = z.object({
  choices: choicesSchema,
  traits: traitsSchema,
  vectors: z.object({ dimensions: z.number().int(), userDiscount: z.number(), itemDiscount: z.number() }),
  features: z.object({ tagPenalty: z.number(), vendorPenalty: z.number() }),
});

const tableSchema = z.object({ dimensions: z.number().int(), values: float32Array });
const resultSchema = z.object({ items: tableSchema, features: tableSchema });

/** Makes the vectors of items and of features in a worker thread. */
export function vectorsInThread(
  task: VectorTask,
  options: ThreadOptions,
): Promise<{ items: VectorTable; features: VectorTable }> {
  return runTrainingThread(
    new URL('./vectors-worker.ts', import.meta.url),
    { workerData: task, transfer: [] },
    resultSchema,
    options,
  );
}
