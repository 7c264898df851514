import { parentPort, workerData } from 'node:worker_threads';
import { sweepShare } from './block-sweep.ts';
import { shareSchema } from './invert-positive-definite.ts';
import { sharedSquareIn } from './shared-square.ts';

// One of the threads that invert a matrix together; the first tells how far they are.
const { memory, size, member, members } = shareSchema.parse(workerData);
const onStep = (done: number, total: number): void => parentPort?.postMessage({ kind: 'step', done, total });
sweepShare(sharedSquareIn(memory, size), { member, members, ...(member === 0 ? { onStep } : {}) });
parentPort?.postMessage({ kind: 'done' });
