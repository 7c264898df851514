import type { BouquetEvent } from '#platform/events/contracts.ts';
import type { Transaction } from '#platform/database/database.ts';
import type { OnceConsumer } from '#platform/events/once-consumer.ts';
import { eraseActivity } from './privacy/erase-activity.ts';
import { moveActivity } from './privacy/move-activity.ts';
import { dropOldReports, storeReports } from './process-report-store.ts';
import { toReport } from './process-reports.ts';
import { recordActivity, recordPages } from './record-activity.ts';

const activityName = 'metrics.activity';

/**
 * Counts interactions and served pages into the figures of `businessMetrics`. Erases and moves as well, because these must
 * keep their place in the order: what was recorded before an erasure cannot come back after it.
 */
export const activityConsumer: OnceConsumer = {
  name: activityName,
  types: ['interactions.recorded', 'feed.served', 'user.erased', 'user.linked'],
  gathers: true,
  handle: async (tx, events) => {
    let counted: BouquetEvent[] = [];
    for (const event of events) {
      if (event.type === 'user.erased') {
        await record(tx, counted);
        counted = [];
        await eraseActivity(tx, { ...event.payload, eventId: event.id }, activityName);
      } else if (event.type === 'user.linked') {
        await record(tx, counted);
        counted = [];
        await moveActivity(tx, event.payload.anonymousSubject, event.payload.userId);
      } else {
        counted.push(event);
      }
    }
    await record(tx, counted);
  },
};

async function record(tx: Transaction, events: readonly BouquetEvent[]): Promise<void> {
  await recordActivity(tx, events.flatMap(interactionsOf));
  await recordPages(tx, events.flatMap(pagesOf));
}

/** Keeps what the processes report for `systemHealth`, and drops what is older than any window. */
export const processReportConsumer: OnceConsumer = {
  name: 'metrics.process-reports',
  types: ['process.reported'],
  gathers: true,
  handle: async (tx, events) => {
    const payloads = events.flatMap((event) => (event.type === 'process.reported' ? [event.payload] : []));
    await storeReports(
      tx,
      payloads.flatMap((payload) => [toReport('MINUTE', payload), toReport('HOUR', payload)]),
    );
    await dropOldReports(tx, new Date());
  },
};

function interactionsOf(event: BouquetEvent): Parameters<typeof recordActivity>[1] {
  if (event.type !== 'interactions.recorded') return [];
  const { userId, interactions } = event.payload;
  return interactions.map(({ contentId, vendorId, type, occurredAt }) => ({
    userId,
    contentId,
    vendorId,
    type,
    occurredAt: new Date(occurredAt),
  }));
}

function pagesOf(event: BouquetEvent): Parameters<typeof recordPages>[1] {
  if (event.type !== 'feed.served') return [];
  return event.payload.pages.flatMap(({ userId, servedAt }) =>
    userId === null ? [] : [{ userId, servedAt: new Date(servedAt) }],
  );
}
