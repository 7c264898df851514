import type { BouquetEvent } from '#platform/events/contracts.ts';
import type { OnceConsumer } from '#platform/events/once-consumer.ts';
import { dropOldReports, storeReports } from './process-report-store.ts';
import { toReport } from './process-reports.ts';
import { recordActivity, recordPages } from './record-activity.ts';

/** Counts interactions and served pages into the figures of `businessMetrics`. */
export const activityConsumer: OnceConsumer = {
  name: 'metrics.activity',
  types: ['interactions.recorded', 'feed.served'],
  handle: async (tx, events) => {
    await recordActivity(tx, events.flatMap(interactionsOf));
    await recordPages(tx, events.flatMap(pagesOf));
  },
};

/** Keeps what the processes report for `systemHealth`, and drops what is older than any window. */
export const processReportConsumer: OnceConsumer = {
  name: 'metrics.process-reports',
  types: ['process.reported'],
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
