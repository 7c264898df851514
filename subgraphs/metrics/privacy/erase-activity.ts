import type { Transaction } from '#platform/database/database.ts';
import { appendEvent } from '#platform/events/outbox.ts';
import { scrubDeadLetters } from '#platform/events/scrub-events.ts';
import { lockActivity } from '../activity-store.ts';

export interface ErasureRequest {
  readonly requestId: string;
  /** Null once the erasure is complete, when there is nothing left to do. */
  readonly userId: string | null;
  readonly eventId: bigint;
}

/**
 * Deletes what is counted of a user, and what `consumer` could not handle yet, so that it cannot come back; then confirms.
 * Every table of the metrics subgraph that names a user.
 */
export async function eraseActivity(
  tx: Transaction,
  { requestId, userId, eventId }: ErasureRequest,
  consumer: string,
): Promise<void> {
  if (userId === null) return;
  await lockActivity(tx);
  const where = { userId };
  await tx.userActivity.deleteMany({ where });
  await tx.userFirstActivity.deleteMany({ where });
  await tx.userVendor.deleteMany({ where });
  await tx.userSession.deleteMany({ where });
  await tx.npsResponse.deleteMany({ where });
  await scrubDeadLetters(tx, { subject: userId, upTo: eventId }, consumer);
  await appendEvent(tx, 'user.erasure-confirmed', { requestId, subgraph: 'metrics' });
}
