import { z } from 'zod';
import type { FeedSlate } from '#platform/database/generated/client.ts';
import { arrayLiteral } from '#platform/database/array-literal.ts';
import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { ExplorationSlot, RankingMode } from '../pipeline/component.ts';
import { withoutErased } from '../privacy/late-slates.ts';
import { lockSubjects } from '../privacy/subject-lock.ts';
import type { RankedItem } from '../snapshot/feed-snapshot.ts';

/** A page as it was served. */
export interface Slate {
  readonly feedId: string;
  /** Position of the first item, counted from 1. */
  readonly firstPosition: number;
  /** Null for a caller without any id. */
  readonly subject: string | null;
  readonly binding: string;
  readonly mode: RankingMode;
  /** The user segment that it was ranked for; null in slates of earlier releases. */
  readonly segment: string | null;
  readonly items: readonly RankedItem[];
  readonly servedAt: Date;
}

export interface SlateLogOptions {
  /** Pages that may wait to be written. */
  readonly capacity?: number;
  /** How long a page waits at most, in ms. */
  readonly flushMs?: number;
}

const sourceSchema = z.enum([
  'NEAREST',
  'COLLABORATIVE',
  'FOLLOWED',
  'FRESH',
  'TRENDING',
  'EXPLORATION',
  'EDITORIAL',
]);

/** Slates in one statement and event at most. */
const batchSize = 200;

/** After a failed write, in ms. */
const retryMs = 500;

/** Writes served pages behind the response. What is not yet written is read from memory. */
export class SlateLog {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #capacity: number;
  readonly #flushMs: number;
  /** The oldest first; a slate leaves once its transaction has committed. */
  #queue: Slate[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;
  /** Whether the last write has failed. */
  #hasFailed = false;
  /** Slates that there was no room for since the last write. */
  #lost = 0;

  constructor(database: Database, logger: Logger, { capacity = 5_000, flushMs = 50 }: SlateLogOptions = {}) {
    this.#database = database;
    this.#logger = logger;
    this.#capacity = capacity;
    this.#flushMs = flushMs;
  }

  /**
   * Takes a slate to be written; waits for a write while too many wait already. Where the last write has failed it waits
   * for none: the oldest slate is lost then, because a feed does without its log sooner than without its answer.
   */
  async append(slate: Slate): Promise<void> {
    if (this.#queue.length >= this.#capacity && !this.#hasFailed) await this.flush();
    if (this.#queue.length >= this.#capacity) {
      this.#queue.shift();
      this.#lost++;
    }
    this.#queue.push(slate);
    this.#schedule(this.#hasFailed ? retryMs : this.#flushMs);
  }

  /** The slates of a feed by position, written or not. */
  async read(feedId: string): Promise<Slate[]> {
    // Before the statement: a slate that is committed meanwhile would else be in neither.
    const waiting = this.#queue.filter((slate) => slate.feedId === feedId);
    const written = await readSlates(this.#database, feedId);
    const known = new Set(written.map(({ firstPosition }) => firstPosition));
    return [...written, ...waiting.filter(({ firstPosition }) => !known.has(firstPosition))].toSorted(
      (a, b) => a.firstPosition - b.firstPosition,
    );
  }

  /** Writes what waits; returns when it is written or a write has failed, which is tried again later. */
  async flush(): Promise<void> {
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = null;
    });
    await this.#flushing;
  }

  /** Writes what waits and stops the timer. */
  async stop(): Promise<void> {
    await this.flush();
    if (this.#queue.length > 0) await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, delayMs);
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const waiting = this.#queue.slice(0, batchSize);
        await inTransactionWithEvents(this.#database, async (tx) => {
          await lockSubjects(
            tx,
            'shared',
            waiting.flatMap(({ subject }) => subject ?? []),
          );
          const batch = await withoutErased(tx, waiting);
          if (batch.length === 0) return;
          await tx.$executeRaw`
            INSERT INTO feed.slate
              (feed_id, first_position, subject, binding, mode, content_ids, sources, scores, served_at,
                segment, policy_version, propensities, slot_samples, slot_arms)
            SELECT s.feed_id, s.first_position, s.subject, s.binding, s.mode,
              s.content_ids::text[], s.sources::text[], s.scores::float8[], s.served_at,
              s.segment, s.policy_version, s.propensities::float8[], s.slot_samples::int[], s.slot_arms::int[]
            FROM unnest(
              ${batch.map(({ feedId }) => feedId)}::uuid[],
              ${batch.map(({ firstPosition }) => firstPosition)}::int[],
              ${batch.map(({ subject }) => subject)}::text[],
              ${batch.map(({ binding }) => binding)}::text[],
              ${batch.map(({ mode }) => mode)}::text[],
              ${batch.map(({ items }) => arrayLiteral(items.map(({ id }) => id)))}::text[],
              ${batch.map(({ items }) => arrayLiteral(items.map(({ source }) => source)))}::text[],
              ${batch.map(({ items }) => arrayLiteral(items.map(({ score }) => String(score))))}::text[],
              ${batch.map(({ servedAt }) => servedAt.toISOString())}::timestamptz[],
              ${batch.map(({ segment }) => segment)}::text[],
              ${batch.map((slate) => policyOf(slate))}::text[],
              ${batch.map((slate) => slotColumn(slate, ({ propensity }) => propensity))}::text[],
              ${batch.map((slate) => slotColumn(slate, ({ samples }) => samples))}::text[],
              ${batch.map((slate) => slotColumn(slate, ({ arms }) => arms))}::text[]
            ) AS s (feed_id, first_position, subject, binding, mode, content_ids, sources, scores, served_at,
              segment, policy_version, propensities, slot_samples, slot_arms)
            ON CONFLICT DO NOTHING`;
          await appendEvent(tx, 'feed.served', { pages: batch.map((slate) => toEventPage(slate)) });
        });
        const written = new Set(waiting);
        this.#queue = this.#queue.filter((slate) => !written.has(slate));
      }
      if (this.#lost > 0)
        this.#logger.error({ lost: this.#lost }, 'slates were lost while none could be written');
      [this.#hasFailed, this.#lost] = [false, 0];
    } catch (error) {
      this.#hasFailed = true;
      this.#logger.error(
        { err: error, waiting: this.#queue.length },
        'slates were not written and will be again',
      );
      this.#schedule(retryMs);
    }
  }
}

async function readSlates(database: Database, feedId: string): Promise<Slate[]> {
  const rows = await database.prisma.feedSlate.findMany({
    where: { feedId },
    orderBy: { firstPosition: 'asc' },
  });
  return rows.map((row) => ({
    feedId: row.feedId,
    firstPosition: row.firstPosition,
    subject: row.subject,
    binding: row.binding,
    mode: z.enum(['MULTI_AGENT', 'SIMPLE', 'TRENDING']).parse(row.mode),
    segment: row.segment,
    items: row.contentIds.map((id, index) => ({
      id,
      source: sourceSchema.parse(row.sources[index]),
      score: row.scores[index] ?? 0,
      slot: slotOf(row, index),
    })),
    servedAt: row.servedAt,
  }));
}

/** All slots of a page come from one ranking. */
function policyOf({ items }: Slate): string | null {
  return items.find(({ slot }) => slot !== null)?.slot?.policy ?? null;
}

/** A number of each item's slot as PostgreSQL reads an array; 0 where it has none. */
function slotColumn({ items }: Slate, of: (slot: ExplorationSlot) => number): string {
  return arrayLiteral(items.map(({ slot }) => String(slot === null ? 0 : of(slot))));
}

/** The slot of the item at `index`, where it had one. */
export function slotOf(
  {
    propensities,
    slotSamples,
    slotArms,
    policyVersion,
  }: Pick<FeedSlate, 'propensities' | 'slotSamples' | 'slotArms' | 'policyVersion'>,
  index: number,
): ExplorationSlot | null {
  const propensity = propensities[index] ?? 0;
  if (propensity === 0) return null;
  return {
    propensity,
    samples: slotSamples[index] ?? 0,
    arms: slotArms[index] ?? 0,
    policy: policyVersion ?? '',
  };
}

function toEventPage({ feedId, subject, mode, items, servedAt }: Slate) {
  return {
    feedId,
    userId: subject,
    mode,
    contentIds: items.map(({ id }) => id),
    servedAt: servedAt.toISOString(),
  };
}
