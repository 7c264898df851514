import { parentPort, workerData } from 'node:worker_threads';
import { rp3beta } from './rp3beta.ts';
import { taskSchema } from './rp3beta-task.ts';

// Runs in a worker thread, so that requests are answered while the model is trained.
const { matrix, parameters } = taskSchema.parse(workerData);
const neighbours = rp3beta(matrix, parameters, (done) => parentPort?.postMessage({ kind: 'progress', done }));
parentPort?.postMessage({ kind: 'done', neighbours }, [neighbours.items.buffer, neighbours.scores.buffer]);
