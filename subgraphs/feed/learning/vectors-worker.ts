import { parentPort, workerData } from 'node:worker_threads';
import { itemVectors } from './item-vectors.ts';
import { vectorFeatures } from './vector-features.ts';
import { taskSchema } from './vectors-task.ts';

// Runs in a worker thread, so that requests are answered while the model is trained.
const task = taskSchema.parse(workerData);
const items = await itemVectors(task.choices, task.vectors, (share) =>
  parentPort?.postMessage({ kind: 'progress', done: share * 0.8 }),
);
const features = vectorFeatures(task.traits, items, task.features);
parentPort?.postMessage({ kind: 'done', result: { items, features } }, [
  items.values.buffer,
  features.values.buffer,
]);
