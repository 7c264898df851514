import { parentPort, workerData } from 'node:worker_threads';
import { taskSchema } from './clusters-task.ts';
import { sphericalKMeans } from './spherical-k-means.ts';

// Runs in a worker thread, so that requests are answered while clusters are found.
const { points, count, seed } = taskSchema.parse(workerData);
const result = sphericalKMeans(points, count, seed);
parentPort?.postMessage({ kind: 'done', result }, [
  result.centroids.values.buffer,
  result.assignments.buffer,
]);
