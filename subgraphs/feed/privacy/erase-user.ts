import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database, Transaction } from '#platform/database/database.ts';
import { badUserInput } from '#platform/errors/request-error.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { isId } from '../identifiers.ts';
import type { FeedReader } from '../snapshot/feed-reader.ts';
import { hashSubject } from './subject-hash.ts';
import { lockSubjects } from './subject-lock.ts';

/** How an erasure stands. */
export interface Erasure {
  /** A UUID. */
  readonly requestId: string;
  /** When nothing was left anywhere; null until then. */
  readonly completedAt: Date | null;
}

export interface ErasureParts {
  readonly database: Database;
  readonly feeds: Pick<FeedReader, 'refresh'>;
  readonly clock: () => Date;
  /** How long the answer waits for the other subgraphs, in ms. */
  readonly waitMs: number;
}

/** Rows in one statement ahead of the erasure proper, which then has few left and is short. */
const chunkSize = 5_000;

const pollMs = 100;

/**
 * Deletes what the feed keeps of `subject` and raises `user.erased`, on which the other subgraphs delete theirs. Waits a
 * moment for them. Each call is a request of its own, which also covers what came since an earlier one.
 * @throws RequestError `BAD_USER_INPUT` for an id that nobody can have.
 */
export async function eraseUser(
  { database, feeds, clock, waitMs }: ErasureParts,
  subject: string,
): Promise<Erasure> {
  if (!isId(subject)) throw badUserInput('id must have 1 to 128 characters and no control characters.');
  await deleteMost(database, subject);
  const requestId = randomUUID();
  await inTransactionWithEvents(database, async (tx) => {
    await lockSubjects(tx, 'exclusive', [subject]);
    await deleteRows(tx, subject);
    await tx.feedErasure.create({
      data: { requestId, subject, subjectHash: hashSubject(subject), requestedAt: clock() },
    });
    await appendEvent(tx, 'user.erased', { requestId, userId: subject });
  });
  await feeds.refresh(subject);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const erasure = await readErasure(database, requestId);
    if (erasure?.completedAt != null || performance.now() >= deadline) {
      return { requestId, completedAt: erasure?.completedAt ?? null };
    }
    await delay(pollMs);
  }
}

/** Returns how the erasure `requestId` stands, or null where there is none. */
export async function readErasure(database: Database, requestId: string): Promise<Erasure | null> {
  return database.prisma.feedErasure.findUnique({
    where: { requestId },
    select: { requestId: true, completedAt: true },
  });
}

/** Interactions and slates can be many: all but the last few go in transactions of their own. */
async function deleteMost({ prisma }: Database, subject: string): Promise<void> {
  let deleted: number;
  do {
    deleted = await prisma.$executeRaw`
      DELETE FROM feed.interaction WHERE user_id = ${subject} AND id = ANY (ARRAY (
        SELECT id FROM feed.interaction WHERE user_id = ${subject} LIMIT ${chunkSize}
      ))`;
  } while (deleted === chunkSize);
  do {
    deleted = await prisma.$executeRaw`
      DELETE FROM feed.slate WHERE (feed_id, first_position) IN (
        SELECT feed_id, first_position FROM feed.slate WHERE subject = ${subject} LIMIT ${chunkSize}
      )`;
  } while (deleted === chunkSize);
}

/** Every table of the feed that names a subject. */
async function deleteRows(tx: Transaction, subject: string): Promise<void> {
  await tx.feedInteraction.deleteMany({ where: { userId: subject } });
  await tx.feedFollow.deleteMany({ where: { userId: subject } });
  await tx.feedProfile.deleteMany({ where: { subject } });
  await tx.feedSlate.deleteMany({ where: { subject } });
  await tx.feedAnonymousLink.deleteMany({ where: { anonymousHash: hashSubject(subject) } });
}
