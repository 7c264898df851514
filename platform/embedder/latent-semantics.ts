import { largestEigenvectors } from '#platform/linear-algebra/largest-eigenvectors.ts';
import type { LocalEmbedding } from './local-embedding.ts';
import type { TermMatrix } from './term-matrix.ts';

/** A singular value below this share of the largest is rounding: the texts span no more. */
const negligible = 1e-6;

/**
 * Latent semantic analysis (Deerwester et al., "Indexing by latent semantic analysis", 1990): with the truncated
 * singular value decomposition A ≈ U·S·Vᵀ of texts by terms, a text with the weights a lies at a·V, where terms that
 * keep the same company are near each other. Returns at most `dimensions` of them, fewer where the texts span fewer,
 * and at least one; terms that no dimension holds are left out.
 */
export async function latentSemantics(
  matrix: TermMatrix,
  dimensions: number,
  onProgress: (found: number) => void,
): Promise<LocalEmbedding> {
  const size = matrix.terms.length;
  if (size === 0) return { dimensions: 1, terms: [], rows: new Float32Array(0) };
  const { values, vectors } = await largestEigenvectors(
    { size, multiply: (vector, result) => multiplyGram(matrix, vector, result) },
    Math.min(dimensions, size, matrix.offsets.length - 1),
    { onProgress: (_steps, found) => onProgress(found) },
  );
  // They are the squares of the singular values.
  const least = (values[0] ?? 0) * negligible ** 2;
  const kept = Math.max(1, values.filter((value) => value > least).length);
  return rowsOf(matrix, vectors, kept);
}

/** Writes Aᵀ·A·vector to `result`. */
function multiplyGram(
  { offsets, columns, values }: TermMatrix,
  vector: Float64Array,
  result: Float64Array,
): void {
  result.fill(0);
  let start = 0;
  for (let text = 1; text < offsets.length; text++) {
    const end = offsets[text] ?? 0;
    let sum = 0;
    for (let at = start; at < end; at++) sum += (values[at] ?? 0) * (vector[columns[at] ?? 0] ?? 0);
    for (let at = start; at < end; at++) {
      const column = columns[at] ?? 0;
      result[column] = (result[column] ?? 0) + sum * (values[at] ?? 0);
    }
    start = end;
  }
}

/** V by terms, with each term's rarity multiplied in. */
function rowsOf({ terms, rarity }: TermMatrix, vectors: Float64Array, dimensions: number): LocalEmbedding {
  const known: string[] = [];
  const rows = new Float32Array(terms.length * dimensions);
  for (const [column, term] of terms.entries()) {
    const start = known.length * dimensions;
    let squares = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const value = vectors[dimension * terms.length + column] ?? 0;
      squares += value * value;
      rows[start + dimension] = value * (rarity[column] ?? 0);
    }
    // The rounding errors of a term outside would become a direction when a text of it is scaled to length 1.
    if (squares > negligible ** 2) known.push(term);
  }
  return { dimensions, terms: known, rows: rows.slice(0, known.length * dimensions) };
}
