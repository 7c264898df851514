import type { Database } from '#platform/database/database.ts';
import { erasingSubgraphs } from '#platform/events/contracts.ts';
import {
  linkedTargets,
  scrubDeadLetters,
  scrubEvents,
  type ScrubTarget,
} from '#platform/events/scrub-events.ts';

interface Pending extends ScrubTarget {
  readonly requestId: string;
}

/** Erasures in one go. */
const goSize = 100;

/**
 * Completes the erasures that every subgraph has confirmed: takes the subject out of the events, once every consumer has
 * passed them, and then out of the request itself. Returns how many erasures are still under way.
 */
export async function completeErasures(database: Database, now: () => Date): Promise<number> {
  const confirmed = await database.prisma.$queryRaw<Pending[]>`
    SELECT request_id AS "requestId", subject, event_id AS "upTo" FROM feed.erasure
    WHERE completed_at IS NULL AND event_id IS NOT NULL AND confirmed_by @> ${[...erasingSubgraphs]}::text[]
    ORDER BY requested_at LIMIT ${goSize}`;
  for (const erasure of confirmed) await complete(database, erasure, now);
  return database.prisma.feedErasure.count({ where: { completedAt: null } });
}

async function complete(database: Database, target: Pending, now: () => Date): Promise<void> {
  for (;;) {
    const isDone = await database.transaction(async (tx) => {
      const [held] = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM feed.erasure WHERE request_id = ${target.requestId}::uuid AND completed_at IS NULL
        FOR UPDATE SKIP LOCKED`;
      // Another process is at it, or it is complete.
      if (held === undefined) return true;
      // What was done before signing in first: the event that tells whose it was goes with the user's own.
      for (const each of [...(await linkedTargets(tx, target)), target]) {
        const { scrubbed, waiting } = await scrubEvents(tx, each);
        if (scrubbed > 0) return false;
        if (waiting) return true;
        await scrubDeadLetters(tx, each);
      }
      // What an earlier request of the same subject waits for is done with this one.
      await tx.$executeRaw`
        UPDATE feed.erasure SET subject = NULL, completed_at = ${now().toISOString()}::timestamptz
        WHERE completed_at IS NULL AND subject = ${target.subject} AND event_id <= ${target.upTo}`;
      return true;
    });
    if (isDone) return;
  }
}
