import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import {
  countActiveUsers,
  measureRetention,
  measureSaveRate,
  measureSessions,
  measureVendorDiscovery,
} from './business-figures.ts';
import { businessMetricsOf, lastDays } from './business-metrics.ts';
import { activityConsumer } from './consumers.ts';
import { mergeSessions } from './merge-sessions.ts';
import { measureNps, submitNps } from './nps.ts';
import { recordActivity, type RecordedInteraction } from './record-activity.ts';
import { spanOf } from './window.ts';

const acted = (
  userId: string,
  occurredAt: string,
  type: InteractionType = 'VIEW',
  vendorId = 'vendor-1',
): RecordedInteraction => ({
  userId,
  contentId: 'content-1',
  vendorId,
  type,
  occurredAt: new Date(occurredAt),
});

// Each test has a year of its own, so that none sees another's users.
describe.each(databases)('business figures on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const record = (...rows: RecordedInteraction[]): Promise<void> =>
    database.transaction((tx) => recordActivity(tx, rows));

  it('makes the same sessions of activity that comes late, twice and in pieces', async () => {
    const start = Date.parse('2001-03-01T00:00:00Z');
    const rows = Array.from({ length: 240 }, (_, index) =>
      acted(`mixed-${index % 4}`, new Date(start + ((index * 7_919) % 4_000) * 60_000).toISOString()),
    );
    for (let from = 0; from < rows.length; from += 30) await record(...rows.slice(from, from + 40));
    await Promise.all([record(...rows.slice(0, 60)), record(...rows.slice(30, 90))]);
    const stored = await database.prisma.userSession.findMany({
      where: { userId: { startsWith: 'mixed-' } },
      orderBy: [{ userId: 'asc' }, { startedAt: 'asc' }],
    });
    const expected = rows.map(({ userId, occurredAt }) => ({
      userId,
      startedAt: occurredAt,
      endedAt: occurredAt,
    }));
    expect(stored).toEqual(mergeSessions(expected));
    expect(stored.length).toBeGreaterThan(20);
  });

  it('counts sessions that begin in the window, and their median length', async () => {
    await record(
      acted('short', '2002-05-10T10:00:00Z'),
      acted('middle', '2002-05-10T10:00:00Z'),
      acted('middle', '2002-05-10T10:10:00Z'),
      acted('long', '2002-05-10T10:30:00Z'),
      acted('long', '2002-05-10T10:00:00Z'),
      acted('long', '2002-05-10T11:00:00Z'),
      // Began a minute before the window.
      acted('early', '2002-05-09T11:59:00Z'),
      acted('early', '2002-05-09T12:05:00Z'),
    );
    const now = new Date('2002-05-10T12:00:00Z');
    expect(await measureSessions(database, spanOf('LAST_DAY', now))).toEqual({
      sessions: 3,
      medianSeconds: 600,
    });
    const empty = spanOf('LAST_DAY', new Date('2002-08-01T00:00:00Z'));
    expect(await measureSessions(database, empty)).toEqual({ sessions: 0, medianSeconds: null });
  });

  it('counts active users of today and of 30 days by the days of the time zone', async () => {
    await record(
      acted('now', '2003-06-10T18:45:00Z'),
      acted('before', '2003-06-10T18:29:00Z', 'IMPRESSION'),
      acted('morning', '2003-06-10T00:00:00Z'),
      acted('days-ago', '2003-05-12T00:00:00Z'),
      acted('long-ago', '2003-05-11T23:59:00Z'),
    );
    const count = async (timeZone: string): Promise<number[]> => {
      const metrics = businessMetricsOf('LAST_MONTH', timeZone, new Date('2003-06-10T19:00:00Z'));
      return Promise.all([1, 30].map((days) => countActiveUsers(database, lastDays(metrics, days))));
    };
    expect(await count('UTC')).toEqual([3, 4]);
    // Today begins at 18:30 UTC, and the 30 days at 18:30 UTC of May 12.
    expect(await count('Asia/Kolkata')).toEqual([1, 3]);
    // Today began at 04:00 UTC, and the 30 days at 04:00 UTC of May 12.
    expect(await count('America/New_York')).toEqual([2, 3]);
  });

  it('measures retention by days, over a change of the clock', async () => {
    await record(
      // First active on March 27 in Vienna; back after 1, 7, or 1 and 30 days.
      acted('d1', '2004-03-27T22:00:00Z'),
      acted('d1', '2004-03-28T21:45:00Z'),
      acted('d7', '2004-03-27T08:00:00Z'),
      acted('d7', '2004-04-03T08:00:00Z'),
      acted('d30', '2004-03-26T23:00:00Z'),
      acted('d30', '2004-03-28T12:00:00Z'),
      acted('d30', '2004-04-26T08:00:00Z'),
      // Never back: at 22:00 UTC of March 28, a day of 23 hours, March 29 begins.
      acted('gone', '2004-03-27T12:00:00Z'),
      acted('gone', '2004-03-28T22:00:00Z'),
    );
    const measure = async (
      now: string,
      daysAfter: number,
      timeZone = 'Europe/Vienna',
    ): Promise<number | null> => {
      const { dayStarts, days } = businessMetricsOf('LAST_DAY', timeZone, new Date(now));
      return measureRetention(database, dayStarts, { days, daysAfter });
    };
    expect(await measure('2004-03-29T10:00:00Z', 1)).toBe(0.5);
    expect(await measure('2004-04-04T10:00:00Z', 7)).toBe(0.25);
    expect(await measure('2004-04-27T10:00:00Z', 30)).toBe(0.25);
    // Nobody was first active the day before.
    expect(await measure('2004-03-30T10:00:00Z', 1)).toBeNull();
    // In UTC d30 began on March 26 and was not back a day later, and the others began on March 27.
    expect(await measure('2004-03-29T10:00:00Z', 1, 'UTC')).toBe(2 / 3);
    // The cohorts of all days of the week together.
    const { dayStarts, days } = businessMetricsOf('LAST_WEEK', 'UTC', new Date('2004-03-31T00:00:00Z'));
    expect(days).toBe(7);
    expect(await measureRetention(database, dayStarts, { days, daysAfter: 1 })).toBe(2 / 4);
  });

  it('moves the first day back when earlier activity comes late', async () => {
    await record(acted('late', '2005-03-10T08:00:00Z'));
    await record(acted('late', '2005-03-09T08:00:00Z'));
    const { dayStarts } = businessMetricsOf('LAST_DAY', 'UTC', new Date('2005-03-11T01:00:00Z'));
    expect(await measureRetention(database, dayStarts, { days: 1, daysAfter: 1 })).toBe(1);
  });

  it('measures saves per impression and first contacts with a vendor', async () => {
    const span = spanOf('LAST_WEEK', new Date('2006-02-10T00:00:00Z'));
    expect(await measureSaveRate(database, span)).toBeNull();
    expect(await measureVendorDiscovery(database, span)).toBeNull();
    const seen = (index: number) =>
      acted('looker', `2006-02-0${5 + (index % 4)}T10:0${index}:00Z`, 'IMPRESSION');
    await record(...Array.from({ length: 8 }, (_, index) => seen(index)));
    await record(
      acted('saver', '2006-02-08T10:00:00Z', 'SAVE', 'vendor-new'),
      acted('regular', '2006-01-01T10:00:00Z', 'VIEW', 'vendor-old'),
      acted('regular', '2006-02-08T10:00:00Z', 'SAVE', 'vendor-old'),
      acted('hider', '2006-02-08T10:00:00Z', 'HIDE', 'vendor-new'),
    );
    expect(await measureSaveRate(database, span)).toBe(2 / 8);
    expect(await measureVendorDiscovery(database, span)).toBe(1 / 4);
  });

  it('computes the net promoter score of the latest answers', async () => {
    const now = new Date('2007-09-01T00:00:00Z');
    const span = spanOf('LAST_MONTH', now);
    expect(await measureNps(database, span)).toEqual({ score: null, responses: 0 });
    const answer = (user: string, score: number, at: string) =>
      submitNps(database, user, { score, comment: ' Lovely. ' }, new Date(at));
    for (const [index, score] of [10, 9, 9, 8, 7, 6, 0].entries()) {
      await answer(`nps-${index}`, score, '2007-08-20T00:00:00Z');
    }
    expect(await measureNps(database, span)).toEqual({ score: (100 * (3 - 2)) / 7, responses: 7 });
    // Replaces the answer within 90 days of the first one.
    await answer('nps-6', 10, '2007-08-25T00:00:00Z');
    expect(await measureNps(database, span)).toEqual({ score: (100 * (4 - 1)) / 7, responses: 7 });
    await answer('nps-6', 3, '2007-11-20T00:00:00Z');
    const answers = await database.prisma.npsResponse.findMany({
      where: { userId: 'nps-6' },
      orderBy: { answeredAt: 'asc' },
    });
    expect(answers.map(({ score, comment }) => [score, comment])).toEqual([
      [10, 'Lovely.'],
      [3, 'Lovely.'],
    ]);
  });

  it('counts events of interactions and served pages once', async () => {
    const at = '2008-04-01T10:00:00.000Z';
    await inTransactionWithEvents(database, async (tx) => {
      const event = { id: 'i-1', contentId: 'content-1', vendorId: 'vendor-1', occurredAt: at };
      await appendEvent(tx, 'interactions.recorded', {
        userId: 'event-user',
        interactions: [
          { ...event, type: 'IMPRESSION' },
          { ...event, id: 'i-2', type: 'SAVE' },
        ],
      });
      await appendEvent(tx, 'feed.served', {
        pages: ['page-user', null].map((userId) => ({
          feedId: 'feed-1',
          userId,
          mode: 'SIMPLE',
          contentIds: ['content-1'],
          servedAt: at,
        })),
      });
    });
    await drainConsumer(database, activityConsumer);
    await drainConsumer(database, activityConsumer);
    const activity = await database.prisma.userActivity.findMany({
      where: { quarter: new Date(at) },
      orderBy: { userId: 'asc' },
    });
    expect(activity.map(({ userId, impressions, saves }) => ({ userId, impressions, saves }))).toEqual([
      { userId: 'event-user', impressions: 1, saves: 1 },
      { userId: 'page-user', impressions: 0, saves: 0 },
    ]);
    const { sessions } = await measureSessions(
      database,
      spanOf('LAST_DAY', new Date('2008-04-01T11:00:00Z')),
    );
    expect(sessions).toBe(2);
  });
});
