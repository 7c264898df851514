import type { Transaction } from '#platform/database/database.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { OnceConsumer } from '#platform/events/once-consumer.ts';
import type { ProfileShelf } from '../profile/profile-shelf.ts';
import type { FeedReader } from '../snapshot/feed-reader.ts';

/** Notes how far erasures are; `onProgress` is called before that is committed. */
export function erasureConsumer(onProgress: () => void): OnceConsumer {
  return {
    name: 'feed.erasures',
    types: ['user.erased', 'user.erasure-confirmed'],
    handle: async (tx, events) => {
      for (const event of events) {
        if (event.type === 'user.erased') await noteEvent(tx, event.payload.requestId, event.id);
        if (event.type === 'user.erasure-confirmed') {
          await noteConfirmation(tx, event.payload.requestId, event.payload.subgraph);
        }
      }
      onProgress();
    },
  };
}

/**
 * Drops the feeds that a process has in memory of somebody who was erased, or whose history has grown by another, and the
 * profiles of those who were erased.
 */
export function feedCacheConsumer(
  feeds: Pick<FeedReader, 'refresh' | 'forgetAll'>,
  profiles: Pick<ProfileShelf, 'forget' | 'forgetAll'>,
): EveryConsumer {
  const forgetAll = async (): Promise<void> => {
    await feeds.forgetAll();
    await profiles.forgetAll();
  };
  return {
    name: 'feed.caches',
    types: ['user.erased', 'user.linked'],
    handle: async (events) => {
      for (const event of events) {
        if (event.type === 'user.erased') {
          const { userId } = event.payload;
          // The erasure is complete already, and whose it was is not known any more.
          if (userId === null) await forgetAll();
          else {
            profiles.forget(userId);
            await feeds.refresh(userId);
          }
        }
        if (event.type === 'user.linked') {
          await feeds.refresh(event.payload.userId);
          await feeds.refresh(event.payload.anonymousSubject);
        }
      }
    },
    onGap: forgetAll,
  };
}

async function noteEvent(tx: Transaction, requestId: string, eventId: bigint): Promise<void> {
  await tx.$executeRaw`
    UPDATE feed.erasure SET event_id = ${eventId} WHERE request_id = ${requestId}::uuid AND completed_at IS NULL`;
}

async function noteConfirmation(tx: Transaction, requestId: string, subgraph: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE feed.erasure SET confirmed_by = array_append(confirmed_by, ${subgraph})
    WHERE request_id = ${requestId}::uuid AND completed_at IS NULL AND NOT ${subgraph} = ANY (confirmed_by)`;
}
