import type { Index as UsearchIndex } from 'usearch';
import { Index, MetricKind, ScalarKind } from './usearch.ts';

/**
 * Measured on 6,250 clustered vectors of 128 dimensions, the 100 nearest: recall 0.998 in 0.24 ms; 16 links and
 * 128 candidates in a search give 0.96 in 0.12 ms. More links also keep the recall up as vectors change.
 */
const connectivity = 24;
const expansion = { add: 128, search: 256 };

/**
 * An approximate nearest-neighbour graph over slots, in half precision. Every call is synchronous: adding a vector
 * takes 0.1 to 1.5 ms, a search 0.1 to 0.5 ms, removing some µs (usearch keeps the node and uses it again).
 */
export class Graph {
  readonly #index: UsearchIndex;

  constructor(dimensions: number) {
    this.#index = new Index({
      dimensions,
      metric: MetricKind.Cos,
      quantization: ScalarKind.F16,
      connectivity,
      expansion_add: expansion.add,
      expansion_search: expansion.search,
      multi: false,
    });
  }

  /** Adds a vector at a slot that is not in the graph: usearch throws on one that is. */
  add(slot: number, vector: Float32Array): void {
    this.#index.add(BigUint64Array.of(BigInt(slot)), vector, 1);
  }

  remove(slot: number): void {
    this.#index.remove(BigUint64Array.of(BigInt(slot)));
  }

  /** About the `limit` nearest slots; fewer where the graph holds fewer. */
  nearest(vector: Float32Array, limit: number): number[] {
    return Array.from(this.#index.search(vector, limit, 1).keys, Number);
  }

  save(path: string): void {
    this.#index.save(path);
  }

  /** Replaces the graph by the one in the file, which may be deleted afterwards. */
  load(path: string): void {
    this.#index.load(path);
  }
}
