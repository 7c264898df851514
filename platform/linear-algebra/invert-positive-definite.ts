import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { sharedMemory } from './shared-memory.ts';
import { mostThreads, type SharedSquare } from './shared-square.ts';

/** What a worker thread is started with. */
export const shareSchema = z.object({
  memory: sharedMemory,
  size: z.number().int(),
  member: z.number().int(),
  members: z.number().int(),
});

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('done') }),
]);

export interface InverseOptions {
  /** Worker threads, 1 to 64; 2 unless given. */
  readonly threads?: number;
  /** Hears how many of the equal steps are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends the work; the matrix is of no use then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Inverts a symmetric positive definite matrix in place, in single precision, by `sweepShare` on worker threads. Only
 * the lower triangle is read, the whole inverse is written. Some size³ floating point operations: 10,000 rows take
 * about half a minute of processor time, shared by the threads, and 0.4 GB.
 * @throws RangeError for a matrix that is not positive definite; the reason of `signal` when that aborts.
 */
export async function invertPositiveDefinite(
  { memory, size }: SharedSquare,
  { threads = 2, onProgress, signal }: InverseOptions = {},
): Promise<void> {
  if (threads < 1 || threads > mostThreads) throw new RangeError(`There are 1 to ${mostThreads} threads.`);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let waitingFor = threads;
  const workers = Array.from({ length: threads }, (_, member) => {
    const worker = new Worker(new URL('./inverse-worker.ts', import.meta.url), {
      workerData: { memory, size, member, members: threads },
    });
    // A listener that stays: messages arrive several at once, and one that waits for the next would miss some.
    worker.on('message', (message: unknown) => {
      const parsed = messageSchema.safeParse(message);
      if (!parsed.success) reject(parsed.error);
      else if (parsed.data.kind === 'step') onProgress?.(parsed.data.done, parsed.data.total);
      else if (--waitingFor === 0) resolve(undefined);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code !== 0) reject(new Error(`A thread of the inverse ended early with code ${code}.`));
    });
    return worker;
  });
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  try {
    await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
