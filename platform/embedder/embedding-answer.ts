import { z } from 'zod';
import { EmbeddingError } from './embedding-error.ts';
import { toUnitVector } from './unit-vector.ts';

/** What is used of an answer of `POST /embeddings`. */
const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
});

/**
 * The vectors of an answer to `count` texts, by `index` and scaled to length 1.
 * @throws EmbeddingError unless it has each index once, and finite numbers of one dimension, `dimensions` if given.
 */
export function readAnswer(answer: unknown, count: number, dimensions: number | undefined): Float32Array[] {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(
      `has a wrong ${issue === undefined || issue.path.length === 0 ? 'form' : issue.path.join('.')}`,
    );
  }
  const { data } = parsed.data;
  if (data.length !== count) throw invalid(`has ${data.length} vectors for ${count} texts`);
  const vectors = new Map<number, Float32Array>();
  for (const { index, embedding } of data) {
    const expected = dimensions ?? data[0]?.embedding.length;
    if (embedding.length !== expected) throw invalid(`has ${embedding.length} dimensions for ${expected}`);
    vectors.set(index, toUnitVector(embedding));
  }
  return Array.from({ length: count }, (_, index) => {
    const vector = vectors.get(index);
    if (vector === undefined) throw invalid(`has no vector for text ${index}`);
    return vector;
  });
}

function invalid(problem: string): EmbeddingError {
  return new EmbeddingError('INVALID_ANSWER', `The answer of the embeddings service ${problem}.`);
}
