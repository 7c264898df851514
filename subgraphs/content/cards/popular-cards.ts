import type { DiskCopy } from '#platform/cache/disk-copy.ts';
import type { Database } from '#platform/database/database.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { Refresh } from '#platform/resilience/refresh.ts';
import { contentColumns, type ContentRow } from '../catalogue/content-row.ts';
import { vendorColumns, type VendorRow } from '../catalogue/vendor-row.ts';
import type { CardCache } from './card-cache.ts';
import type { CopiedCard } from './copied-card.ts';

/** Of each region, those that trend most, and as many of the newest. */
const perRegion = 300;

/** How often they are read anew, in ms. */
const refreshMs = 5 * 60_000;

/**
 * Keeps the popular cards of every region at hand, so that there is a feed to show even where nobody had asked for one.
 * Until the database has answered they are those of `copy`, a day old at most.
 */
export class PopularCards {
  readonly #database: Database;
  readonly #refresh: Refresh;
  readonly #cards: CardCache;
  readonly #copy: DiskCopy<CopiedCard> | null;
  #isRead = false;
  #isOutdated = false;

  constructor(
    database: Database,
    cards: CardCache,
    logger: Logger,
    copy: DiskCopy<CopiedCard> | null = null,
  ) {
    this.#database = database;
    this.#cards = cards;
    this.#copy = copy;
    this.#refresh = new Refresh(() => this.load(), {
      everyMs: refreshMs,
      onFailure: (error) => logger.warn({ err: error }, 'the popular cards were not read and will be again'),
    });
  }

  /** Reads them now, and in the background every few minutes. */
  async start(): Promise<void> {
    // Side by side, so that a database that hangs keeps nobody from what is on the disk.
    await Promise.all([this.#fillFromDisk(), this.#refresh.start()]);
  }

  stop(): Promise<void> {
    return this.#refresh.stop();
  }

  /**
   * Reads them once. The newest are those of each category, off the index of its own, and then of all: so that the cost does
   * not grow with the catalogue.
   */
  async load(): Promise<void> {
    const contents = await this.#database.read<ContentRow>`
      SELECT ${contentColumns}
      FROM content.content c
      WHERE c.deleted_at IS NULL AND c.id IN (
        SELECT s.content_id
        FROM (SELECT value FROM content.facet WHERE kind = 'region' AND contents > 0) AS region (code)
        CROSS JOIN LATERAL (
          (SELECT s.content_id FROM content.content_stats s WHERE s.region = region.code
            ORDER BY s.trend DESC NULLS LAST, s.published_at DESC, s.content_id LIMIT ${perRegion})
          UNION
          (SELECT n.id
            FROM (SELECT value FROM content.facet WHERE kind = 'category' AND contents > 0) AS category (slug)
            CROSS JOIN LATERAL (
              SELECT e.id, e.published_at FROM content.content e
              WHERE e.region = region.code AND e.category = category.slug AND e.deleted_at IS NULL
              ORDER BY e.published_at DESC, e.id LIMIT ${perRegion}
            ) n
            ORDER BY n.published_at DESC, n.id LIMIT ${perRegion})
        ) s
      )`;
    const vendorIds = [...new Set(contents.map(({ vendorId }) => vendorId))];
    const vendors = await this.#database.read<VendorRow>`
      SELECT ${vendorColumns}
      FROM content.vendor v WHERE v.id = ANY (${vendorIds}::text[])`;
    if (this.#isOutdated) this.#cards.forgetAll();
    [this.#isRead, this.#isOutdated] = [true, false];
    this.#cards.remember(contents, vendors);
    await this.#copy?.write([
      ...contents.map((content) => ({ content })),
      ...vendors.map((vendor) => ({ vendor })),
    ]);
  }

  /** Reads them in the place of all cards, after events were missed; without the database no card is left. */
  async replaceAll(): Promise<void> {
    this.#isOutdated = true;
    try {
      await this.load();
    } catch (error) {
      this.#cards.forgetAll();
      throw error;
    }
  }

  async #fillFromDisk(): Promise<void> {
    const copied = await this.#copy?.read();
    if (copied == null || this.#isRead) return;
    // No event tells what has changed since it was written.
    this.#isOutdated = true;
    const { rows, ageMs } = copied;
    this.#cards.remember(
      rows.flatMap((row) => ('content' in row ? [row.content] : [])),
      rows.flatMap((row) => ('vendor' in row ? [row.vendor] : [])),
      { ageMs },
    );
  }
}

/** Forgets cards that have changed, in every process. */
export function cardConsumer(cards: CardCache, popular: PopularCards): EveryConsumer {
  return {
    name: 'content.cards',
    types: ['content.changed', 'content.removed'],
    handle: (events) => {
      for (const event of events) {
        if (event.type === 'content.removed') cards.forget(event.payload.contentIds, []);
        if (event.type === 'content.changed') {
          const { contents, vendors } = event.payload;
          cards.forget(
            contents.map(({ id }) => id),
            vendors.map(({ id }) => id),
          );
        }
      }
    },
    onGap: () => popular.replaceAll(),
  };
}
