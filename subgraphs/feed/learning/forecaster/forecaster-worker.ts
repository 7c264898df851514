import { parentPort, workerData } from 'node:worker_threads';
import { fitForecaster } from './fit-forecaster.ts';
import { taskSchema } from './forecaster-task.ts';

// Runs in a worker thread, so that requests are answered while the forecaster is fitted.
parentPort?.postMessage({ kind: 'done', result: fitForecaster(taskSchema.parse(workerData)) });
