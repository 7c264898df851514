import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Graph } from './graph.ts';
import { graphMessageSchema, type GraphMessage, type GraphWork } from './graph-work.ts';
import type { VectorRows } from './vector-rows.ts';
import type { VectorSegment } from './vector-segment.ts';

/**
 * Builds the graphs of `segments` in a worker thread and has each adopt its own. A graph comes back through a file:
 * loading it holds the event loop for about a millisecond per 2,000 vectors.
 * @throws the reason of `signal`, or what the worker threw.
 */
export async function buildGraphs(
  segments: readonly VectorSegment[],
  rows: VectorRows,
  { onAdded, signal }: { onAdded: (vectors: number) => void; signal: AbortSignal },
): Promise<void> {
  if (segments.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'bouquet-vectors-'));
  try {
    const jobs = segments.map((segment) => segment.slots());
    for await (const { added, built } of work(
      { dimensions: rows.dimensions, blocks: rows.blocks, jobs, folder },
      signal,
    )) {
      onAdded(added);
      if (built === undefined) continue;
      const graph = new Graph(rows.dimensions);
      graph.load(built.path);
      segments[built.job]?.adopt(graph);
      await rm(built.path);
      await nextTurn();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The messages of a worker thread at work, until it is done. */
async function* work(job: Omit<GraphWork, 'stop'>, signal: AbortSignal): AsyncGenerator<GraphMessage> {
  signal.throwIfAborted();
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: GraphWork = { ...job, stop: stop.buffer };
  const worker = new Worker(new URL('./graph-worker.ts', import.meta.url), { workerData });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const messages: GraphMessage[] = [];
  const ending: { how: 'done' | { error: unknown } | null } = { how: null };
  let wake = (): void => undefined;
  const finish = (how: 'done' | { error: unknown }): void => {
    ending.how ??= how;
    wake();
  };
  const abort = (): void => finish({ error: signal.reason });
  signal.addEventListener('abort', abort, { once: true });
  worker.on('message', (message: unknown) => {
    messages.push(graphMessageSchema.parse(message));
    wake();
  });
  worker.on('error', (error) => finish({ error }));
  worker.on('exit', (code) =>
    finish(code === 0 ? 'done' : { error: new Error(`The graph worker ended with code ${code}.`) }),
  );
  try {
    while (ending.how === null || (ending.how === 'done' && messages.length > 0)) {
      const message = messages.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        yield message;
      }
    }
    if (ending.how !== 'done') throw ending.how.error;
  } finally {
    signal.removeEventListener('abort', abort);
    // Not by `terminate`, which interrupts a call of usearch with an exception that it does not catch: the process aborts.
    Atomics.store(stop, 0, 1);
    await exited;
  }
}
