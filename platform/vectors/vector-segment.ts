import { Graph } from './graph.ts';
import type { TopHits } from './top-hits.ts';
import type { VectorRows } from './vector-rows.ts';

/** Up to here an exact scan takes no longer than a graph and needs no building. */
const graphAbove = 2000;
/** A shrinking segment keeps its graph for a while, lest it be built again and again. */
const noGraphBelow = 1000;

/** What the segments of a generation share. */
export interface SegmentStore {
  readonly rows: VectorRows;
  /** While true, segments build no graph: a worker thread does it for them. */
  readonly building: boolean;
  idOf(slot: number): string;
}

/**
 * A pre-filtered collection: the slots of a region, or of a category in it. Small ones are scanned; large ones have
 * a graph, and slots that are not in it yet are scanned, so that a search sees every write at once.
 */
export class VectorSegment {
  readonly #store: SegmentStore;
  readonly #slots = new Set<number>();
  readonly #backlog = new Set<number>();
  #graph: Graph | null = null;

  constructor(store: SegmentStore) {
    this.#store = store;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Whether a worker thread should build its graph. */
  get wantsGraph(): boolean {
    return this.#graph === null && this.#slots.size > graphAbove;
  }

  slots(): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(this.#slots);
  }

  /** Takes over a graph that holds exactly the segment's slots. */
  adopt(graph: Graph): void {
    this.#graph = graph;
    this.#backlog.clear();
  }

  /** A slot is new, or its vector has changed. */
  put(slot: number): void {
    const known = this.#slots.has(slot);
    this.#slots.add(slot);
    if (this.#graph !== null) {
      if (known) this.#graph.remove(slot);
      this.#backlog.add(slot);
    } else if (this.wantsGraph && !this.#store.building) {
      this.#graph = new Graph(this.#store.rows.dimensions);
      for (const each of this.#slots) this.#backlog.add(each);
    }
  }

  drop(slot: number): void {
    this.#slots.delete(slot);
    this.#backlog.delete(slot);
    this.#graph?.remove(slot);
    if (this.#slots.size < noGraphBelow) {
      this.#graph = null;
      this.#backlog.clear();
    }
  }

  /** Adds one more slot to the graph; returns false where none is left. */
  indexNext(): boolean {
    const slot = this.#backlog.values().next().value;
    if (slot === undefined || this.#graph === null) return false;
    this.#backlog.delete(slot);
    this.#graph.add(slot, this.#store.rows.get(slot));
    return true;
  }

  /** Offers `hits` the segment's most similar points. */
  search(query: Float32Array, limit: number, hits: TopHits): void {
    if (this.#graph === null) {
      this.#offer(this.#slots, query, hits);
      return;
    }
    // The graph ranks in half precision: a few more, ranked by the exact similarity, make up for that.
    this.#offer(this.#graph.nearest(query, limit + Math.ceil(limit / 8)), query, hits);
    this.#offer(this.#backlog, query, hits);
  }

  #offer(slots: Iterable<number>, query: Float32Array, hits: TopHits): void {
    for (const slot of slots) {
      const similarity = this.#store.rows.dot(slot, query);
      if (hits.admits(similarity)) hits.offer(this.#store.idOf(slot), similarity);
    }
  }
}
