import type { Database } from '#platform/database/database.ts';
import type { BouquetEvent } from '#platform/events/contracts.ts';
import { eventRowSchema, toEvent } from '#platform/events/event-row.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import { importInteractions } from '../import-interactions.ts';
import { start } from './open-feed.ts';

let choices = 0;

/** Has a user save items, the first first, a second apart from `at` on. */
export async function choose(
  database: Database,
  userId: string,
  contentIds: readonly string[],
  at: Date = start,
): Promise<void> {
  const rows = contentIds.map((contentId, index) => ({
    id: `choice-${choices++}`,
    userId,
    contentId,
    type: 'SAVE' as const,
    occurredAt: new Date(at.getTime() + index * 1_000),
  }));
  await database.transaction((tx) => importInteractions(tx, rows));
}

/** Leaves every model as before its first training, but for the version that is served. */
export async function forgetTrainings(database: Database): Promise<void> {
  await database.prisma.feedModelVersion.updateMany({
    data: {
      positives: 0,
      trainedPositives: 0,
      trainedAt: null,
      requestedAt: null,
      leaseUntil: null,
      method: null,
    },
  });
}

/** Every event so far, the oldest first. */
export async function eventsOf(database: Database): Promise<BouquetEvent[]> {
  const rows = await database.prisma
    .$queryRaw`SELECT id, type, version, payload, created_at FROM events.outbox ORDER BY id`;
  return eventRowSchema
    .array()
    .parse(rows)
    .map((row) => toEvent(row));
}

/** Gives `consumers` every event so far, which they must bear to hear again. */
export async function catchUp(
  database: Database,
  consumers: readonly EveryConsumer[] | undefined,
): Promise<void> {
  const events = await eventsOf(database);
  for (const consumer of consumers ?? []) {
    const heard = events.filter(({ type }) => consumer.types.includes(type));
    if (heard.length > 0) await consumer.handle(heard);
  }
}
