import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addTallies, type Cell, type Tally } from './cell.ts';
import { tallySchema, type Order } from './messages.ts';

/** Replications of one order. The result of a cell depends on it, and not on how many threads there are. */
const chunkSize = 500;

/**
 * The tally of each cell by its id after `replications`, simulated in two worker threads at most.
 * @throws what a cell throws.
 */
export async function runCells(
  cells: readonly Cell[],
  replications: number,
  onProgress: (share: number) => void,
): Promise<ReadonlyMap<string, Tally>> {
  const orders = cells.flatMap(({ id }) => ordersOf(id, replications));
  const tallies = new Map<string, Tally[]>(cells.map(({ id }) => [id, []]));
  const queue = orders.values();
  let done = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./replicate-worker.ts', import.meta.url));
    try {
      for (const order of queue) {
        worker.postMessage(order);
        const [answer]: unknown[] = await once(worker, 'message');
        // Sums are added in the order of the chunks, as rounding depends on it.
        const known = tallies.get(order.cell);
        if (known !== undefined) known[order.chunk] = tallySchema.parse(answer);
        done += 1;
        onProgress(done / orders.length);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return new Map([...tallies].map(([id, each]) => [id, each.reduce(addTallies, {})]));
}

function ordersOf(cell: string, replications: number): Order[] {
  return Array.from({ length: Math.ceil(replications / chunkSize) }, (_, chunk) => ({
    cell,
    chunk,
    replications: Math.min(chunkSize, replications - chunk * chunkSize),
  }));
}
