import { parentPort, workerData } from 'node:worker_threads';
import { latentSemantics } from './latent-semantics.ts';
import { TermCounter } from './term-matrix.ts';
import { orderSchema, settingsSchema, type TrainingReport } from './training-messages.ts';

// Runs in a worker thread, so that requests are answered while words are counted and the matrix is decomposed.
const { dimensions } = settingsSchema.parse(workerData);

/** A term of one text connects nothing. */
const fewestTexts = 2;
/** Rarer ones are mostly names and misspellings; with 128 dimensions these take 10 MB. */
const mostTerms = 20_000;

const counter = new TermCounter();

function report(message: TrainingReport): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (message: unknown) => {
  const order = orderSchema.parse(message);
  if (order.kind === 'texts') {
    for (const text of order.texts) counter.add(text);
    report({ kind: 'read', texts: counter.texts });
    return;
  }
  void (async () => {
    const matrix = counter.matrix({ fewestTexts, mostTerms });
    const embedding = await latentSemantics(matrix, dimensions, (found) =>
      report({ kind: 'progress', found }),
    );
    report({ kind: 'done', embedding });
  })();
});
