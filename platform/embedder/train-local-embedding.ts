import { Worker } from 'node:worker_threads';
import type { LocalEmbedding } from './local-embedding.ts';
import { reportSchema, type TrainingOrder } from './training-messages.ts';

export interface TrainingOptions {
  /** Of a vector; fewer where the texts span fewer. */
  readonly dimensions?: number | undefined;
  /** Hears how many texts are read, and then how many dimensions are found. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Ends the training. */
  readonly signal?: AbortSignal | undefined;
}

export type TrainingProgress = { readonly readTexts: number } | { readonly foundDimensions: number };

/** Texts of a list that are handed over at once. */
const batchSize = 1_000;

/**
 * Latent semantic analysis of a catalogue's texts, given as a list, or in batches as they are read, in a worker
 * thread. The same texts in the same order give the same embedding. Of texts that have no words in common comes an
 * embedding with one dimension that knows nothing.
 * @throws the reason of `signal` when that aborts, and what reading `texts` throws.
 */
export async function trainLocalEmbedding(
  texts: AsyncIterable<readonly string[]> | readonly string[],
  { dimensions = 128, onProgress, signal }: TrainingOptions = {},
): Promise<LocalEmbedding> {
  const worker = new Worker(new URL('./training-worker.ts', import.meta.url), { workerData: { dimensions } });
  const trained = Promise.withResolvers<LocalEmbedding>();
  /** Who waits until a batch is read. */
  const waiting: (() => void)[] = [];
  // A listener that stays: messages arrive several at once, and one that waits for the next would miss some.
  worker.on('message', (message: unknown) => {
    const parsed = reportSchema.safeParse(message);
    if (!parsed.success) trained.reject(parsed.error);
    else if (parsed.data.kind === 'done') trained.resolve(parsed.data.embedding);
    else if (parsed.data.kind === 'progress') onProgress?.({ foundDimensions: parsed.data.found });
    else {
      onProgress?.({ readTexts: parsed.data.texts });
      waiting.shift()?.();
    }
  });
  worker.once('error', trained.reject);
  worker.once('exit', (code) =>
    trained.reject(new Error(`The training thread ended early with code ${code}.`)),
  );
  const tell = (order: TrainingOrder): void => worker.postMessage(order);
  const feed = async (): Promise<void> => {
    let read: Promise<unknown> = Promise.resolve();
    for await (const batch of batchesOf(texts)) {
      // One is read here while the one before is counted there, and no more wait in memory.
      await Promise.race([read, trained.promise]);
      read = new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      tell({ kind: 'texts', texts: batch });
    }
    tell({ kind: 'end' });
  };
  const abort = (): void => trained.reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  try {
    const [embedding] = await Promise.all([trained.promise, feed()]);
    return embedding;
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

async function* batchesOf(
  texts: AsyncIterable<readonly string[]> | readonly string[],
): AsyncGenerator<readonly string[]> {
  if (Symbol.asyncIterator in texts) {
    yield* texts;
    return;
  }
  for (let start = 0; start < texts.length; start += batchSize) {
    yield texts.slice(start, start + batchSize);
  }
}
