import type { Database } from '#platform/database/database.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { Refresh } from '#platform/resilience/refresh.ts';
import { contentColumns, type ContentRow } from '../catalogue/content-row.ts';
import type { VendorRow } from '../catalogue/vendor-row.ts';
import type { CardCache } from './card-cache.ts';

/** Of each region, those that trend most, and as many of the newest. */
const perRegion = 300;

/** How often they are read anew, in ms. */
const refreshMs = 5 * 60_000;

/** Keeps the popular cards of every region at hand, so that there is a feed to show even where nobody had asked for one. */
export class PopularCards {
  readonly #database: Database;
  readonly #refresh: Refresh;
  readonly #cards: CardCache;

  constructor(database: Database, cards: CardCache, logger: Logger) {
    this.#database = database;
    this.#cards = cards;
    this.#refresh = new Refresh(() => this.load(), {
      everyMs: refreshMs,
      onFailure: (error) => logger.warn({ err: error }, 'the popular cards were not read and will be again'),
    });
  }

  /** Reads them now, and in the background every few minutes. */
  start(): Promise<void> {
    return this.#refresh.start();
  }

  stop(): Promise<void> {
    return this.#refresh.stop();
  }

  /** Reads them once. */
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
          (SELECT s.content_id FROM content.content_stats s WHERE s.region = region.code
            ORDER BY s.published_at DESC, s.content_id LIMIT ${perRegion})
        ) s
      )`;
    const vendorIds = [...new Set(contents.map(({ vendorId }) => vendorId))];
    const vendors = await this.#database.read<VendorRow>`
      SELECT v.id, v.name, v.region, v.description, v.website_url AS "websiteUrl", v.version
      FROM content.vendor v WHERE v.id = ANY (${vendorIds}::text[])`;
    this.#cards.remember(contents, vendors);
  }
}

/** Forgets cards that have changed, in every process. */
export function cardConsumer(cards: CardCache): EveryConsumer {
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
    onGap: () => cards.forgetAll(),
  };
}
