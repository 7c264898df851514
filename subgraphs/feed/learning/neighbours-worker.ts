import { parentPort, workerData } from 'node:worker_threads';
import { deepNeighbours } from './deep-neighbours.ts';
import { taskSchema } from './neighbours-task.ts';
import { rp3beta } from './rp3beta.ts';

// Runs in a worker thread, so that requests are answered while the model is trained.
const { choices, method } = taskSchema.parse(workerData);
const onProgress = (done: number): void => parentPort?.postMessage({ kind: 'progress', done });
const result =
  method.kind === 'rp3beta'
    ? rp3beta(choices, method.parameters, (done) => onProgress(done / Math.max(1, choices.itemCount)))
    : await deepNeighbours(choices, method.traits, method.parameters, {
        threads: method.threads,
        onProgress,
      });
parentPort?.postMessage({ kind: 'done', result }, [result.items.buffer, result.scores.buffer]);
