import type { Database } from '#platform/database/database.ts';
import type { FeedSlate } from '#platform/database/generated/client.ts';
import { slotOf } from '../side-effects/slate-log.ts';

/** A page as it was served, with what came of it; docs/reference/slate-log.md describes it. */
export interface SlateLine {
  readonly feedId: string;
  readonly firstPosition: number;
  readonly segment: string | null;
  readonly mode: string;
  readonly policyVersion: string | null;
  readonly servedAt: Date;
  readonly items: readonly SlateItem[];
}

interface SlateItem {
  readonly contentId: string;
  readonly position: number;
  readonly source: string | null;
  readonly score: number;
  readonly slot: { readonly propensity: number; readonly samples: number; readonly arms: number } | null;
  readonly outcome: Outcome | null;
}

interface Outcome {
  readonly seenAt: Date;
  /** Null while a reward may still come. */
  readonly reward: boolean | null;
}

export interface SlateExportOptions {
  /** Null for all. */
  readonly since: Date | null;
  readonly now: Date;
  /** As in `RewardRules`. */
  readonly windowMs: number;
}

/** Slates in one statement. */
const chunk = 500;

/** The slates in the order in which they were served, a few hundred in memory at a time. */
export async function* slateLines(
  database: Database,
  { since, now, windowMs }: SlateExportOptions,
): AsyncGenerator<SlateLine, void, undefined> {
  let after: Pick<FeedSlate, 'servedAt' | 'feedId' | 'firstPosition'> | null = null;
  for (;;) {
    const slates: FeedSlate[] = await nextSlates(database, since, after);
    const outcomes = await outcomesOf(database, slates);
    for (const slate of slates) {
      yield lineOf(slate, (contentId) => {
        const seen = outcomes.get(`${slate.feedId}\0${contentId}`);
        if (seen === undefined) return null;
        const mayCome = seen.seenAt.getTime() + windowMs > now.getTime();
        return { seenAt: seen.seenAt, reward: seen.rewarded || (mayCome ? null : false) };
      });
    }
    after = slates.at(-1) ?? null;
    if (after === null || slates.length < chunk) return;
  }
}

function nextSlates(
  { prisma }: Database,
  since: Date | null,
  after: Pick<FeedSlate, 'servedAt' | 'feedId' | 'firstPosition'> | null,
): Promise<FeedSlate[]> {
  return prisma.feedSlate.findMany({
    where: {
      servedAt: { gte: after?.servedAt ?? since ?? new Date(0) },
      ...(after !== null && {
        OR: [
          { servedAt: { gt: after.servedAt } },
          { servedAt: after.servedAt, feedId: { gt: after.feedId } },
          {
            servedAt: after.servedAt,
            feedId: after.feedId,
            firstPosition: { gt: after.firstPosition },
          },
        ],
      }),
    },
    orderBy: [{ servedAt: 'asc' }, { feedId: 'asc' }, { firstPosition: 'asc' }],
    take: chunk,
  });
}

interface Seen {
  readonly seenAt: Date;
  readonly rewarded: boolean;
}

/** The impressions that were reported of these feeds by whom they were made for, by feed and item. */
async function outcomesOf(database: Database, slates: readonly FeedSlate[]): Promise<Map<string, Seen>> {
  const feeds = new Map(
    slates.flatMap(({ feedId, subject }) => (subject === null ? [] : [[feedId, subject]])),
  );
  const rows = await database.read<Seen & { feedId: string; contentId: string }>`
    SELECT i.feed_id::text AS "feedId", i.content_id AS "contentId", i.occurred_at AS "seenAt", i.rewarded
    FROM unnest(${[...feeds.keys()]}::uuid[], ${[...feeds.values()]}::text[]) AS f (feed_id, subject)
    JOIN feed.interaction i ON i.user_id = f.subject AND i.feed_id = f.feed_id AND i.type = 'IMPRESSION'
      AND i.segment IS NOT NULL`;
  return new Map(rows.map(({ feedId, contentId, ...seen }) => [`${feedId}\0${contentId}`, seen]));
}

function lineOf(slate: FeedSlate, outcomeOf: (contentId: string) => Outcome | null): SlateLine {
  const { feedId, firstPosition, segment, mode, policyVersion, servedAt } = slate;
  return {
    feedId,
    firstPosition,
    segment,
    mode,
    policyVersion,
    servedAt,
    items: slate.contentIds.map((contentId, index) => {
      const slot = slotOf(slate, index);
      return {
        contentId,
        position: firstPosition + index,
        source: slate.sources[index] ?? null,
        score: slate.scores[index] ?? 0,
        slot: slot === null ? null : { propensity: slot.propensity, samples: slot.samples, arms: slot.arms },
        outcome: outcomeOf(contentId),
      };
    }),
  };
}
