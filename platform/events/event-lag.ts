import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { pairsOf, type NamedConsumer } from './consumer-registry.ts';
import { afterAll } from './outbox-reader.ts';

/** Events of one type that are counted at most, so that looking at a long backlog stays cheap. */
const countLimit = 10_000;

const lagSchema = z.object({
  consumer: z.string(),
  /** Events that wait; 10,000 of a type stand for that many or more. */
  waiting: z.number(),
  /** Milliseconds since the oldest of them was raised; 0 where none waits. */
  oldestMs: z.number(),
});

/** How far a `once` consumer is behind. */
export type ConsumerLag = z.infer<typeof lagSchema>;

/** The lag of each of `consumers`, by one statement. Events that a long transaction holds back count as waiting. */
export async function readLag(
  database: Database,
  consumers: readonly NamedConsumer[],
): Promise<ConsumerLag[]> {
  const { names, types } = pairsOf(consumers);
  const rows = await database.prisma.$queryRaw<unknown[]>`
    SELECT wanted.name AS consumer, sum(backlog.waiting)::int AS waiting,
      greatest(0, coalesce(1000 * extract(epoch FROM clock_timestamp() - min(backlog.oldest)), 0))::float8
        AS "oldestMs"
    FROM unnest(${names}::text[], ${types}::text[]) AS wanted (name, type)
    LEFT JOIN events.consumer c ON c.name = wanted.name
    CROSS JOIN LATERAL (
      SELECT count(*) AS waiting, min(created_at) AS oldest
      FROM events.next_events(
        ARRAY[wanted.type], coalesce(c.xid, 0), coalesce(c.event_id, 0), ${afterAll}, ${countLimit}::int
      )
    ) backlog
    GROUP BY wanted.name
    ORDER BY wanted.name`;
  return z.array(lagSchema).parse(rows);
}

/**
 * Measures the lag for the reports of this process, and logs a warning where the oldest event has waited for `warnAtMs`
 * milliseconds or longer.
 */
export async function watchLag(
  database: Database,
  consumers: readonly NamedConsumer[],
  { logger, telemetry, warnAtMs }: { logger: Logger; telemetry: Telemetry; warnAtMs: number },
): Promise<void> {
  const lag = await readLag(database, consumers);
  telemetry.recordEventLag(lag);
  for (const { consumer, waiting, oldestMs } of lag) {
    if (oldestMs >= warnAtMs) {
      logger.warn({ consumer, waiting, oldestMs: Math.round(oldestMs) }, 'a consumer of events lags');
    }
  }
}
