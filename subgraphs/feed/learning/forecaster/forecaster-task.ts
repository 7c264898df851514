import { z } from 'zod';
import { float64Array, runTrainingThread, uint8Array, type ThreadOptions } from '../training-thread.ts';
import type { FittedForecaster, ForecastRows } from './fit-forecaster.ts';
import { forecasterParameters } from './forecaster-model.ts';

/** What the worker thread is started with. */
export const taskSchema = z.object({
  features: float64Array,
  labels: uint8Array,
  folds: uint8Array,
  shift: z.number(),
});

const fittedSchema = z.object({
  parameters: forecasterParameters,
  figures: z.object({
    count: z.number(),
    positives: z.number(),
    auc: z.number().nullable(),
    ece: z.number(),
    points: z.array(z.object({ forecast: z.number(), observed: z.number(), count: z.number() })),
  }),
});

/** Fits, calibrates and judges in a worker thread. */
export function fitInThread(rows: ForecastRows, options: ThreadOptions): Promise<FittedForecaster> {
  return runTrainingThread(
    new URL('./forecaster-worker.ts', import.meta.url),
    { workerData: rows, transfer: [] },
    fittedSchema,
    options,
  );
}
