import QuickLRU from 'quick-lru';
import type { BatchCache } from '#platform/cache/batch-cache.ts';

export interface ScoreCacheOptions {
  /** How long a score holds, in ms. */
  readonly ttlMs: number;
  /** What several processes share; null: each has its own scores alone. */
  readonly shared: BatchCache<number> | null;
  /** Scores in the memory of this process; twice as many for moments. About 200 bytes each. */
  readonly maxEntries?: number;
}

/** A score from the shared cache is as old as it may be, so this process keeps it for this share of its life. */
const borrowedShare = 1 / 12;

/** Scores of one agent in the memory of this process, and behind it in what processes share. */
export class ScoreCache {
  readonly #own: QuickLRU<string, number>;
  readonly #shared: BatchCache<number> | null;
  readonly #ttlMs: number;

  constructor({ ttlMs, shared, maxEntries = 20_000 }: ScoreCacheOptions) {
    this.#own = new QuickLRU({ maxSize: maxEntries });
    this.#shared = shared;
    this.#ttlMs = ttlMs;
  }

  /**
   * The score of each of `keys` in their order, undefined where none is known. Those of which `wanted` is 1, all where it is
   * absent, are looked for in what is shared too, in one call.
   */
  async read(keys: readonly string[], wanted?: Uint8Array): Promise<(number | undefined)[]> {
    const scores = keys.map((key) => this.#own.get(key));
    if (this.#shared === null) return scores;
    const places = scores.flatMap((score, place) =>
      score === undefined && (wanted === undefined || wanted[place] === 1) ? [place] : [],
    );
    if (places.length === 0) return scores;
    const found = await this.#shared.getMany(places.map((place) => keys[place] ?? ''));
    for (const [index, place] of places.entries()) {
      const score = found[index];
      if (score === undefined) continue;
      scores[place] = score;
      this.#own.set(keys[place] ?? '', score, { maxAge: this.#ttlMs * borrowedShare });
    }
    return scores;
  }

  /** Keeps the scores; the shared ones follow, without anybody waiting for them. */
  write(entries: readonly { readonly key: string; readonly value: number }[]): void {
    for (const { key, value } of entries) this.#own.set(key, value, { maxAge: this.#ttlMs });
    if (entries.length > 0) void this.#shared?.setMany(entries, this.#ttlMs);
  }

  /** Forgets `keys` here and in what is shared. */
  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#own.delete(key);
    if (keys.length > 0) await this.#shared?.deleteMany(keys);
  }
}
