import type { Transaction } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import type { OnceConsumer } from '#platform/events/once-consumer.ts';
import { logAdd2, trendTerm } from './trend-score.ts';

/** What somebody did with an entry. */
export interface AppliedInteraction {
  readonly contentId: string;
  readonly type: InteractionType;
  readonly occurredAt: Date;
}

/** Keeps statistics and the trending order live on what `interactions.recorded` tells. */
export const interactionsConsumer: OnceConsumer = {
  name: 'content.interactions',
  types: ['interactions.recorded'],
  gathers: true,
  handle: (tx, events) =>
    applyInteractions(
      tx,
      events.flatMap((event) =>
        event.type === 'interactions.recorded'
          ? event.payload.interactions.map(({ contentId, type, occurredAt }) => ({
              contentId,
              type,
              occurredAt: new Date(occurredAt),
            }))
          : [],
      ),
    ),
};

interface Tally {
  readonly counts: Record<InteractionType, number>;
  trend: number | null;
}

/**
 * Adds interactions to the statistics and the trend of their entries; those of unknown entries are left out. A time ahead
 * of the clock counts as now, or one entry could lead the trending order for years.
 */
export async function applyInteractions(tx: Transaction, rows: readonly AppliedInteraction[]): Promise<void> {
  const tallies = tally(rows);
  if (tallies.size === 0) return;
  const ids = [...tallies.keys()];
  const all = [...tallies.values()];
  const counted = (type: InteractionType): number[] => all.map(({ counts }) => counts[type]);
  await tx.$executeRaw`
    SELECT FROM content.content_stats WHERE content_id = ANY (${ids}::text[]) ORDER BY content_id FOR UPDATE`;
  // Where the logarithms differ by 60 the smaller one is below a double's precision; more would underflow power().
  await tx.$executeRaw`
    UPDATE content.content_stats stats
    SET impressions = stats.impressions + delta.impressions, views = stats.views + delta.views,
      clicks = stats.clicks + delta.clicks, likes = stats.likes + delta.likes, saves = stats.saves + delta.saves,
      shares = stats.shares + delta.shares, inquiries = stats.inquiries + delta.inquiries,
      hides = stats.hides + delta.hides,
      trend = CASE
        WHEN stats.trend IS NULL OR delta.trend IS NULL THEN coalesce(stats.trend, delta.trend)
        ELSE greatest(stats.trend, delta.trend)
          + ln(1 + power(2::float8, -least(abs(stats.trend - delta.trend), 60))) / ln(2::float8)
      END
    FROM unnest(
      ${ids}::text[], ${counted('IMPRESSION')}::int[], ${counted('VIEW')}::int[], ${counted('CLICK')}::int[],
      ${counted('LIKE')}::int[], ${counted('SAVE')}::int[], ${counted('SHARE')}::int[], ${counted('INQUIRY')}::int[],
      ${counted('HIDE')}::int[], ${all.map(({ trend }) => trend)}::float8[]
    ) AS delta (id, impressions, views, clicks, likes, saves, shares, inquiries, hides, trend)
    WHERE stats.content_id = delta.id`;
}

function tally(rows: readonly AppliedInteraction[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  const now = Date.now();
  for (const { contentId, type, occurredAt } of rows) {
    let entry = tallies.get(contentId);
    if (entry === undefined) {
      entry = { counts: noCounts(), trend: null };
      tallies.set(contentId, entry);
    }
    entry.counts[type]++;
    entry.trend = logAdd2(entry.trend, trendTerm(type, new Date(Math.min(occurredAt.getTime(), now))));
  }
  return tallies;
}

function noCounts(): Record<InteractionType, number> {
  return { IMPRESSION: 0, VIEW: 0, CLICK: 0, LIKE: 0, SAVE: 0, SHARE: 0, INQUIRY: 0, HIDE: 0 };
}
