import { parentPort } from 'node:worker_threads';
import { addTallies, type Tally } from './cell.ts';
import { cells } from './groups.ts';
import { orderSchema } from './messages.ts';
import { RandomStream, seedOf } from './random-stream.ts';

// Runs in a worker thread, one order after the other.
parentPort?.on('message', (message: unknown) => {
  const { cell: id, chunk, replications } = orderSchema.parse(message);
  const cell = cells.find((one) => one.id === id);
  if (cell === undefined) throw new Error(`There is no cell ${id}.`);
  const stream = new RandomStream(seedOf(id), chunk);
  let tally: Tally = {};
  for (let done = 0; done < replications; done += 1) tally = addTallies(tally, cell.replicate(stream));
  parentPort?.postMessage(tally);
});
