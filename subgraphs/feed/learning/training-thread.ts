import { Worker, type Transferable } from 'node:worker_threads';
import { z } from 'zod';

/** A typed array that has crossed a thread's border. */
export const int32Array = z.custom<Int32Array<ArrayBuffer>>((value) => value instanceof Int32Array);
export const float32Array = z.custom<Float32Array<ArrayBuffer>>((value) => value instanceof Float32Array);
export const float64Array = z.custom<Float64Array<ArrayBuffer>>((value) => value instanceof Float64Array);

export const uint8Array = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.number() }),
  z.object({ kind: z.literal('done'), result: z.unknown() }),
]);

export interface ThreadOptions {
  /** Hears what share is done, 0..1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs `script` in a worker thread, so that requests are answered while a model is trained, and returns the result that
 * it posts, checked by `schema`. The thread is ended when `signal` aborts; `transfer` is handed over and gone after.
 * @throws what the thread threw, and the reason of `signal`.
 */
export async function runTrainingThread<T>(
  script: URL,
  { workerData, transfer }: { workerData: unknown; transfer: Transferable[] },
  schema: z.ZodType<T>,
  { onProgress, signal }: ThreadOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const worker = new Worker(script, { workerData, transferList: transfer });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  // A listener that stays: messages arrive several at once, and one that waits for the next would miss some.
  worker.on('message', (message: unknown) => {
    const parsed = messageSchema.safeParse(message);
    if (!parsed.success) reject(parsed.error);
    else if (parsed.data.kind === 'done') resolve(parsed.data.result);
    else onProgress(parsed.data.done);
  });
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`A training thread ended early with code ${code}.`)));
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    return schema.parse(await promise);
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
