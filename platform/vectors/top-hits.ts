import type { VectorHit } from './vector-index.ts';

/** The best `limit` of the hits that are offered, by similarity and then by id. */
export class TopHits {
  readonly #limit: number;
  /** A binary heap with the worst hit on top. */
  readonly #heap: VectorHit[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a hit of this similarity can be among the best so far: asked first, it saves finding its id. */
  admits(similarity: number): boolean {
    const worst = this.#heap[0];
    return this.#heap.length < this.#limit || (worst !== undefined && similarity >= worst.similarity);
  }

  offer(id: string, similarity: number): void {
    const hit = { id, similarity };
    if (this.#heap.length < this.#limit) {
      this.#heap.push(hit);
      this.#rise(this.#heap.length - 1);
      return;
    }
    const worst = this.#heap[0];
    if (worst === undefined || bestFirst(hit, worst) > 0) return;
    this.#heap[0] = hit;
    this.#sink(0);
  }

  /** Best first. An id that was offered twice, as it moved between segments, comes once. */
  sorted(): VectorHit[] {
    const seen = new Set<string>();
    return this.#heap
      .toSorted(bestFirst)
      .filter(({ id }) => seen.size < seen.add(id).size)
      .map(({ id, similarity }) => ({ id, similarity: Math.min(1, Math.max(-1, similarity)) }));
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfWorse(index, parent)) return;
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const worse = this.#isWorse(right, left) ? right : left;
      if (!this.#swapIfWorse(worse, index)) return;
      index = worse;
    }
  }

  #swapIfWorse(lower: number, upper: number): boolean {
    const below = this.#heap[lower];
    const above = this.#heap[upper];
    if (below === undefined || above === undefined || bestFirst(below, above) <= 0) return false;
    this.#heap[lower] = above;
    this.#heap[upper] = below;
    return true;
  }

  #isWorse(index: number, than: number): boolean {
    const a = this.#heap[index];
    const b = this.#heap[than];
    return a !== undefined && b !== undefined && bestFirst(a, b) > 0;
  }
}

function bestFirst(a: VectorHit, b: VectorHit): number {
  if (a.similarity !== b.similarity) return b.similarity - a.similarity;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
