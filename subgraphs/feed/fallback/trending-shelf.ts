import { z } from 'zod';
import { DiskCopy } from '#platform/cache/disk-copy.ts';
import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { Refresh } from '#platform/resilience/refresh.ts';
import { meets } from '../filters/requested-filter.ts';
import type { CatalogueFacts, FeedQuery } from '../pipeline/component.ts';
import { splitTags } from '../pipeline/split-tags.ts';

/** An item that can be shown without asking anybody. */
export interface ShelvedItem {
  readonly id: string;
  readonly facts: CatalogueFacts;
}

/** Of each region: the most popular, and the newest where those are fewer. */
const perRegion = { popular: 240, fresh: 120 };

/** How often they are read anew, in ms. */
const refreshMs = 60_000;

/** An item as it is read and kept on disk. */
export interface TrendingRow extends Omit<
  CatalogueFacts,
  'tags' | 'seen' | 'hidden' | 'vendorLog2Popularity'
> {
  readonly id: string;
  /** Slugs, joined by spaces. */
  readonly tags: string;
}

/**
 * What trends in each region, in memory, so that there is a feed where the database does not answer. It knows nothing of
 * the user: who has seen or hidden what cannot be told without the database. It begins with what `copy` has, a day old at
 * most, until the database has answered.
 */
export class TrendingShelf {
  readonly #database: Database;
  readonly #copy: DiskCopy<TrendingRow> | null;
  readonly #refresh: Refresh;
  #isRead = false;
  #byRegion: ReadonlyMap<string, readonly ShelvedItem[]> = new Map();

  constructor(database: Database, logger: Logger, copy: DiskCopy<TrendingRow> | null = null) {
    this.#database = database;
    this.#copy = copy;
    this.#refresh = new Refresh(() => this.load(), {
      everyMs: refreshMs,
      onFailure: (error) => logger.warn({ err: error }, 'what trends was not read and will be again'),
    });
  }

  /** Items of the allowed regions that pass the request's filter, the most popular first and then the newest. */
  items({ regions, filter, served }: FeedQuery): ShelvedItem[] {
    const allowed = regions ?? [...this.#byRegion.keys()];
    return [...new Set(allowed)]
      .flatMap((region) => this.#byRegion.get(region) ?? [])
      .filter(({ id, facts }) => !served.has(id) && meets(filter, facts))
      .toSorted((a, b) => byPopularity(a.facts, b.facts) || (a.id < b.id ? -1 : 1));
  }

  /** Reads them now, and in the background every minute. */
  async start(): Promise<void> {
    // Side by side, so that a database that hangs keeps nobody from what is on the disk.
    await Promise.all([this.#fillFromDisk(), this.#refresh.start()]);
  }

  stop(): Promise<void> {
    return this.#refresh.stop();
  }

  /** Reads them once; each region's off the index of its own, so that the cost does not grow with the catalogue. */
  async load(): Promise<void> {
    const rows = await this.#database.read<TrendingRow>`
      WITH RECURSIVE region (code) AS (
        (SELECT c.region FROM feed.content c ORDER BY c.region LIMIT 1)
        UNION ALL
        SELECT (SELECT c.region FROM feed.content c WHERE c.region > region.code ORDER BY c.region LIMIT 1)
        FROM region WHERE region.code IS NOT NULL
      )
      SELECT c.id, c.vendor_id AS "vendorId", c.category, c.region, array_to_string(c.tags, ' ') AS tags, c.quality,
        c.published_at AS "publishedAt", p.log2_weight AS "log2Popularity"
      FROM region
      CROSS JOIN LATERAL (
        (SELECT p.content_id AS id FROM feed.popularity p WHERE p.region = region.code
          ORDER BY p.log2_weight DESC LIMIT ${perRegion.popular})
        UNION
        (SELECT f.id FROM feed.content f WHERE f.region = region.code AND f.removed_at IS NULL
          ORDER BY f.published_at DESC LIMIT ${perRegion.fresh})
      ) s
      JOIN feed.content c ON c.id = s.id AND c.removed_at IS NULL AND c.region = region.code
      LEFT JOIN feed.popularity p ON p.content_id = c.id`;
    this.#isRead = true;
    this.#put(rows);
    await this.#copy?.write(rows);
  }

  async #fillFromDisk(): Promise<void> {
    const copied = await this.#copy?.read();
    if (copied != null && !this.#isRead) this.#put(copied.rows);
  }

  #put(rows: readonly TrendingRow[]): void {
    this.#byRegion = Map.groupBy(rows.map(toItem), ({ facts }) => facts.region);
  }
}

const rowSchema: z.ZodType<TrendingRow> = z.strictObject({
  id: z.string(),
  vendorId: z.string(),
  category: z.string(),
  region: z.string(),
  tags: z.string(),
  quality: z.number(),
  publishedAt: z.iso.datetime().transform((text) => new Date(text)),
  log2Popularity: z.number().nullable(),
});

/** What trends, in `folder`. */
export function trendingCopy(folder: string, logger: Logger): DiskCopy<TrendingRow> {
  // Of the processes that share the folder one or two write it each minute.
  return new DiskCopy({
    folder,
    name: 'trending',
    version: 1,
    row: rowSchema,
    everyMs: refreshMs / 2,
    logger,
  });
}

function toItem({ id, tags, ...row }: TrendingRow): ShelvedItem {
  const known = { vendorLog2Popularity: null, seen: false, hidden: false };
  return { id, facts: { ...row, ...known, tags: splitTags(tags) } };
}

/** Those that nobody has touched come last, the newest first. */
function byPopularity(a: CatalogueFacts, b: CatalogueFacts): number {
  const [first, second] = [a.log2Popularity ?? -Infinity, b.log2Popularity ?? -Infinity];
  if (first !== second) return second - first;
  return b.publishedAt.getTime() - a.publishedAt.getTime();
}
