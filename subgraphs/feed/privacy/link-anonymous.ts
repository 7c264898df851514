import type { Database, Transaction } from '#platform/database/database.ts';
import { anonymousPrefix, type Caller } from '#platform/caller/caller.ts';
import { badUserInput, RequestError } from '#platform/errors/request-error.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import type { SlateLog } from '../side-effects/slate-log.ts';
import type { FeedReader } from '../snapshot/feed-reader.ts';
import { hashSubject, macOwner } from './subject-hash.ts';
import { lockSubjects } from './subject-lock.ts';

export interface LinkParts {
  readonly database: Database;
  readonly feeds: Pick<FeedReader, 'refresh'>;
  readonly slateLog: Pick<SlateLog, 'flush'>;
  readonly clock: () => Date;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Moves what is kept under `anonymousId` to the signed-in caller; what the caller has already under the same key stays.
 * Returns how many interactions were moved. A repeat moves what has come since.
 * @throws RequestError `UNAUTHENTICATED` for a caller who is not signed in, `BAD_USER_INPUT` for an id that is no UUID,
 * `CONFLICT` where it belongs to another user.
 */
export async function linkAnonymous(
  { database, feeds, slateLog, clock }: LinkParts,
  caller: Caller,
  anonymousId: string,
): Promise<number> {
  if (caller.kind !== 'user') throw new RequestError('UNAUTHENTICATED', 'Sign in first.');
  if (!uuid.test(anonymousId)) throw badUserInput('anonymousId must be a UUID.');
  const { userId } = caller;
  const anonymousSubject = `${anonymousPrefix}${anonymousId.toLowerCase()}`;
  await slateLog.flush();
  const moved = await inTransactionWithEvents(database, async (tx) => {
    await lockSubjects(tx, 'exclusive', [anonymousSubject, userId]);
    await claim(tx, anonymousSubject, userId, clock());
    const interactions = await moveInteractions(tx, anonymousSubject, userId);
    await moveProfile(tx, anonymousSubject, userId);
    await tx.$executeRaw`UPDATE feed.slate SET subject = ${userId} WHERE subject = ${anonymousSubject}`;
    await appendEvent(tx, 'user.linked', { anonymousSubject, userId });
    return interactions;
  });
  await feeds.refresh(userId);
  await feeds.refresh(anonymousSubject);
  return moved;
}

async function claim(tx: Transaction, anonymousSubject: string, userId: string, now: Date): Promise<void> {
  const anonymousHash = hashSubject(anonymousSubject);
  const ownerMac = macOwner(anonymousSubject, userId);
  await tx.$executeRaw`
    INSERT INTO feed.anonymous_link (anonymous_hash, owner_mac, linked_at)
    VALUES (${anonymousHash}, ${ownerMac}, ${now.toISOString()}::timestamptz) ON CONFLICT DO NOTHING`;
  const link = await tx.feedAnonymousLink.findUnique({ where: { anonymousHash } });
  if (link?.ownerMac !== ownerMac) {
    throw new RequestError('CONFLICT', 'This anonymous history belongs to another user already.');
  }
}

/** Deletes and inserts, because a row that the user has already must not stop the others. */
async function moveInteractions(tx: Transaction, from: string, to: string): Promise<number> {
  return tx.$executeRaw`
    WITH moved AS (DELETE FROM feed.interaction WHERE user_id = ${from} RETURNING *)
    INSERT INTO feed.interaction
      (user_id, id, content_id, vendor_id, type, occurred_at, recorded_at, feed_id, position, dwell_ms, segment, rewarded)
    SELECT ${to}, id, content_id, vendor_id, type, occurred_at, recorded_at, feed_id, position, dwell_ms, segment, rewarded
    FROM moved ORDER BY id
    ON CONFLICT DO NOTHING`;
}

async function moveProfile(tx: Transaction, from: string, to: string): Promise<void> {
  await tx.$executeRaw`
    WITH moved AS (DELETE FROM feed.follow WHERE user_id = ${from} RETURNING vendor_id, followed_at)
    INSERT INTO feed.follow (user_id, vendor_id, followed_at) SELECT ${to}, vendor_id, followed_at
    FROM moved ORDER BY vendor_id
    ON CONFLICT DO NOTHING`;
  await tx.$executeRaw`
    WITH moved AS (DELETE FROM feed.profile WHERE subject = ${from} RETURNING region, locale, updated_at)
    INSERT INTO feed.profile (subject, region, locale, updated_at) SELECT ${to}, region, locale, updated_at
    FROM moved
    ON CONFLICT DO NOTHING`;
}
