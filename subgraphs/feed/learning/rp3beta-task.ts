import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { ChoiceMatrix, Neighbours, Rp3betaParameters } from './rp3beta.ts';

const int32 = z.custom<Int32Array<ArrayBuffer>>((value) => value instanceof Int32Array);
const float32 = z.custom<Float32Array<ArrayBuffer>>((value) => value instanceof Float32Array);

/** What the worker thread is started with. */
export const taskSchema = z.object({
  matrix: z.object({ itemCount: z.number().int(), offsets: int32, items: int32 }),
  parameters: z.object({ k: z.number().int(), alpha: z.number(), beta: z.number() }),
});

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.number() }),
  z.object({
    kind: z.literal('done'),
    neighbours: z.object({ k: z.number(), items: int32, scores: float32 }),
  }),
]);

/** `rp3beta` in a worker thread, which is ended when `signal` aborts. The matrix is handed over and gone after. */
export async function rp3betaInWorker(
  matrix: ChoiceMatrix,
  parameters: Rp3betaParameters,
  { onProgress, signal }: { onProgress: (done: number) => void; signal: AbortSignal | undefined },
): Promise<Neighbours> {
  const worker = new Worker(new URL('./rp3beta-worker.ts', import.meta.url), {
    workerData: { matrix, parameters },
    transferList: [matrix.offsets.buffer, matrix.items.buffer],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Neighbours>();
  // A listener that stays: messages arrive several at once, and one that waits for the next would miss some.
  worker.on('message', (message: unknown) => {
    const parsed = messageSchema.safeParse(message);
    if (!parsed.success) reject(parsed.error);
    else if (parsed.data.kind === 'done') resolve(parsed.data.neighbours);
    else onProgress(parsed.data.done);
  });
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`The training thread ended early with code ${code}.`)));
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
