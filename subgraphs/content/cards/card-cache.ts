import { handleAll, isTaskCancelledError } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import type { Database } from '#platform/database/database.ts';
import { createBreaker } from '#platform/resilience/circuit-breaker.ts';
import { withDeadline } from '#platform/resilience/with-deadline.ts';
import { withPatience } from '#platform/resilience/with-patience.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { ContentRow } from '../catalogue/content-row.ts';
import { readContents, readVendors } from '../catalogue/read-catalogue.ts';
import { isWithinBound, type VendorBound } from '../catalogue/vendor-bound.ts';
import type { VendorRow } from '../catalogue/vendor-row.ts';

export interface CardCacheOptions {
  /** How long the database may take, in ms, before what is remembered stands in; what is not is waited for. */
  readonly deadlineMs: number;
  /** Bytes of entries, and of vendors, at most. */
  readonly maxBytes: number;
}

/** What stands in for the database is at most this old, in ms. */
const staleMs = 24 * 3_600_000;

/** How much longer what is not remembered is waited for, in ms. */
const patientMs = 2_000;

export const defaultCardOptions: CardCacheOptions = { deadlineMs: 400, maxBytes: 32 * 1024 * 1024 };

/**
 * Entries and vendors by id, from the database. What was read stays in memory and stands in, for a day at most, while the
 * database fails or is late, so that a feed has its cards. Bounded in bytes; the longest unread goes first.
 */
export class CardCache {
  readonly #database: Database;
  readonly #telemetry: Telemetry;
  readonly #deadlineMs: number;
  readonly #breaker = createBreaker(handleAll);
  readonly #contents: LRUCache<string, ContentRow>;
  readonly #vendors: LRUCache<string, VendorRow>;

  constructor(
    database: Database,
    telemetry: Telemetry,
    { deadlineMs, maxBytes }: CardCacheOptions = defaultCardOptions,
  ) {
    this.#database = database;
    this.#telemetry = telemetry;
    this.#deadlineMs = deadlineMs;
    telemetry.watchBreaker('catalogue', this.#breaker);
    this.#contents = new LRUCache<string, ContentRow>({
      maxSize: maxBytes,
      sizeCalculation: bytesOf,
      ttl: staleMs,
    });
    this.#vendors = new LRUCache<string, VendorRow>({
      maxSize: maxBytes,
      sizeCalculation: bytesOf,
      ttl: staleMs,
    });
  }

  /**
   * Live entries within `bound` in the order of `ids`, null where there is none; an Error where the database does not
   * answer and nothing is remembered. `onVendors` hears of the vendors that were read with them.
   */
  contents(
    ids: readonly string[],
    bound: VendorBound,
    onVendors: (vendors: readonly VendorRow[]) => void = () => undefined,
  ): Promise<readonly (ContentRow | null | Error)[]> {
    return this.#read(ids, this.#contents, {
      read: async () => {
        const { contents, vendors } = await readContents(this.#database, ids, bound);
        this.remember([], vendors);
        onVendors(vendors);
        return contents;
      },
      isAllowed: ({ vendorId }) => isWithinBound(bound, vendorId),
    });
  }

  /** Vendors, as `contents` has it. */
  vendors(ids: readonly string[], bound: VendorBound): Promise<readonly (VendorRow | null | Error)[]> {
    return this.#read(ids, this.#vendors, {
      read: () => readVendors(this.#database, ids, bound),
      isAllowed: ({ id }) => isWithinBound(bound, id),
    });
  }

  /** Remembers rows that were read elsewhere, `ageMs` ms ago. */
  remember(
    contents: readonly ContentRow[],
    vendors: readonly VendorRow[],
    { ageMs = 0 }: { ageMs?: number } = {},
  ): void {
    // A ttl of 0 would stand for ever.
    const ttl = Math.max(1, staleMs - ageMs);
    for (const row of contents) this.#contents.set(row.id, row, { ttl });
    for (const row of vendors) this.#vendors.set(row.id, row, { ttl });
  }

  /** Forgets what has changed. */
  forget(contentIds: readonly string[], vendorIds: readonly string[]): void {
    for (const id of contentIds) this.#contents.delete(id);
    for (const id of vendorIds) this.#vendors.delete(id);
  }

  forgetAll(): void {
    this.#contents.clear();
    this.#vendors.clear();
  }

  async #read<T extends { readonly id: string }>(
    ids: readonly string[],
    remembered: LRUCache<string, T>,
    { read, isAllowed }: { read: () => Promise<readonly (T | null)[]>; isAllowed: (row: T) => boolean },
  ): Promise<readonly (T | null | Error)[]> {
    let reading: Promise<readonly (T | null)[]> | null = null;
    const readOnce = (): Promise<readonly (T | null)[]> => (reading ??= read());
    try {
      return keep(await this.#breaker.execute(() => withPatience(this.#deadlineMs, readOnce)));
    } catch (error) {
      const stale = ids.map((id) => remembered.get(id));
      for (const row of stale) this.#telemetry.recordCacheRead('stale-card', row !== undefined);
      // A late answer is better than none.
      if (reading !== null && isTaskCancelledError(error) && stale.includes(undefined)) {
        const late = reading;
        return keep(await withDeadline(patientMs, () => late));
      }
      const failure = error instanceof Error ? error : new Error('The catalogue cannot be read.');
      return stale.map((row) => (row === undefined ? failure : isAllowed(row) ? row : null));
    }

    function keep(rows: readonly (T | null)[]): readonly (T | null)[] {
      for (const row of rows) if (row !== null) remembered.set(row.id, row);
      return rows;
    }
  }
}

/** About what a row takes: two bytes a character, and its objects. */
function bytesOf(row: ContentRow | VendorRow): number {
  let characters = 0;
  for (const value of Object.values(row)) {
    if (typeof value === 'string') characters += value.length;
    else if (Array.isArray(value)) characters += value.join('').length;
  }
  return 400 + 2 * characters;
}
