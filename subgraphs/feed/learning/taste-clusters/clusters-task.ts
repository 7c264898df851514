import { z } from 'zod';
import { float32Array, int32Array, runTrainingThread, type ThreadOptions } from '../training-thread.ts';
import type { Clustering, UnitVectors } from './spherical-k-means.ts';

const unitVectors = z.object({ dimensions: z.number().int(), values: float32Array });

/** What the worker thread is started with. */
export const taskSchema = z.object({
  points: unitVectors,
  count: z.number().int(),
  seed: z.number().int(),
});

const clusteringSchema = z.object({ centroids: unitVectors, assignments: int32Array });

/** Finds at most `count` clusters in a worker thread; none where there are no points. */
export async function clustersInThread(
  task: { readonly points: UnitVectors; readonly count: number; readonly seed: number },
  options: ThreadOptions,
): Promise<Clustering> {
  if (task.points.values.length === 0) return { centroids: task.points, assignments: new Int32Array() };
  return runTrainingThread(
    new URL('./clusters-worker.ts', import.meta.url),
    { workerData: task, transfer: [] },
    clusteringSchema,
    options,
  );
}
