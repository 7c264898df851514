import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Graph } from './graph.ts';
import { graphWorkSchema, type GraphMessage } from './graph-work.ts';
import { VectorRows } from './vector-rows.ts';

// Runs in a worker thread: usearch's calls are synchronous, and 100,000 vectors take many seconds.
const { dimensions, blocks, jobs, folder, stop } = graphWorkSchema.parse(workerData);
const rows = new VectorRows(dimensions, blocks);
const reportEvery = 1000;
const stopFlag = new Int32Array(stop);
const isStopped = (): boolean => Atomics.load(stopFlag, 0) !== 0;

const post = (message: GraphMessage): void => parentPort?.postMessage(message);

let added = 0;
for (const [job, slots] of jobs.entries()) {
  const graph = new Graph(dimensions);
  for (const slot of slots) {
    if (isStopped()) break;
    graph.add(slot, rows.get(slot));
    added++;
    if (added % reportEvery === 0) post({ added });
  }
  if (isStopped()) break;
  const path = join(folder, `${job}.usearch`);
  graph.save(path);
  post({ added, built: { job, path } });
}
