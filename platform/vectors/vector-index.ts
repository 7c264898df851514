/** An item as the index knows it. */
export interface VectorPoint {
  /** 1 to 128 characters, any of them. */
  readonly id: string;
  /** Any length but zero: it is brought to unit length on entry. */
  readonly vector: Float32Array;
  readonly region: string;
  readonly category: string;
}

export interface VectorQuery {
  readonly vector: Float32Array;
  /** 1 to 1,000 hits at most. */
  readonly limit: number;
  /** The regions to search; null: all, none: no hits. */
  readonly regions: readonly string[] | null;
  /** The categories to search; empty: all. */
  readonly categories: readonly string[];
  /** Ranks these points alone, at most 1,000, by their exact similarity; absent: all. */
  readonly ids?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface VectorHit {
  readonly id: string;
  /** The cosine of the angle to the query, -1 to 1. */
  readonly similarity: number;
}

export interface RebuildProgress {
  readonly stage: 'READING' | 'INDEXING';
  /** Points read, or added to the indexes that need building. */
  readonly done: number;
  /** What `done` will be at the end, or null while that is not known. */
  readonly total: number | null;
}

export interface Rebuild {
  /** Says which vectors these are, for example the model and its training run. */
  readonly version: string;
  readonly dimensions: number;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/**
 * Nearest neighbours by cosine, in vector segments: a region is searched in collections of its own, so an item of
 * another region cannot be a hit. The index is a copy of what PostgreSQL holds and may be rebuilt at any time.
 * Every operation throws a VectorIndexError, and an aborted search the reason of its signal.
 */
export interface VectorIndex {
  /**
   * Adds points, or replaces those of the same id, whatever region they were in. They are found once it resolves.
   * The first points of an empty index decide how many dimensions it has, until `replaceAll`.
   */
  upsert(points: readonly VectorPoint[]): Promise<void>;
  /** Removes points; ids that are not there are no error. */
  remove(ids: readonly string[]): Promise<void>;
  /** Returns the most similar points, best first and ties by id; none where the index is empty. */
  search(query: VectorQuery): Promise<readonly VectorHit[]>;
  /**
   * Builds the index anew from `points`, in which each id comes once, and swaps it in at one stroke; until then
   * searches see the old one. What is upserted or removed meanwhile counts more than what `points` says. `points`
   * is read after this process and others know of the rebuild, so it must be read from the source only then.
   */
  replaceAll(points: AsyncIterable<readonly VectorPoint[]>, rebuild: Rebuild): Promise<void>;
  /** The version of the last finished rebuild, or null before the first. */
  version(): Promise<string | null>;
  count(): Promise<number>;
  /** Ends a running rebuild; later calls are refused. */
  close(): Promise<void>;
}
