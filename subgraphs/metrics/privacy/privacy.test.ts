import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databases } from '../../../test/support/databases.ts';
import { askSubgraph, platformOn } from '../../../test/support/subgraph.ts';
import type { Caller, Scope } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import type { EventPayload, EventType } from '#platform/events/contracts.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { activityConsumer } from '../consumers.ts';
import { createMetricsSubgraph } from '../index.ts';
import { submitNps } from '../nps.ts';

const requestId = '00000000-0000-4000-8000-000000000001';
const entitySchema = z.object({
  entities: z.array(z.object({ activityJson: z.string().nullable() }).nullable()),
});

describe.each(databases)('what metrics keeps of a user, on $kind', ({ open }) => {
  let database: Database;
  let subgraph: Subgraph;
  beforeAll(async () => {
    database = await open();
    subgraph = createMetricsSubgraph(platformOn(database));
  });
  afterAll(() => database.close());

  const raise = <T extends EventType>(type: T, payload: EventPayload<T>): Promise<void> =>
    inTransactionWithEvents(database, (tx) => appendEvent(tx, type, payload));
  const act = (
    userId: string,
    type: 'SAVE' | 'IMPRESSION',
    occurredAt: string,
    vendorId = 'v1',
  ): Promise<void> =>
    raise('interactions.recorded', {
      userId,
      interactions: [{ id: `${userId}${occurredAt}`, contentId: 'c1', vendorId, type, occurredAt }],
    });
  const drain = (): Promise<void> => drainConsumer(database, activityConsumer);

  /** What the reference resolver answers a user with `scopes`, parsed, or the code of its refusal. */
  const exported = async (
    userId: string,
    { by = userId, scopes = [] }: { by?: string; scopes?: readonly Scope[] } = {},
  ): Promise<unknown> => {
    const caller: Caller = {
      kind: 'user',
      userId: by,
      region: null,
      locale: null,
      key: null,
      scopes: new Set(scopes),
    };
    const { data, codes } = await askSubgraph(
      subgraph,
      'query ($of: [_Any!]!) { entities: _entities(representations: $of) { ... on UserExport { activityJson } } }',
      { variables: { of: [{ __typename: 'UserExport', userId }] }, caller },
    );
    if (codes.length > 0) return codes[0];
    const json = entitySchema.parse(data).entities[0]?.activityJson;
    return json == null ? null : JSON.parse(json);
  };

  it('exports all of it to oneself and scope privacy alone', async () => {
    await act('ada', 'IMPRESSION', '2026-03-01T10:00:00.000Z');
    await act('ada', 'SAVE', '2026-03-01T10:10:00.000Z');
    await drain();
    await submitNps(database, 'ada', { score: 9, comment: 'lovely' });
    const whole = {
      format: 'bouquet.metrics.user-export/1',
      userId: 'ada',
      firstActivity: '2026-03-01T10:00:00.000Z',
      activity: [{ quarter: '2026-03-01T10:00:00.000Z', impressions: 1, saves: 1 }],
      sessions: [{ startedAt: '2026-03-01T10:00:00.000Z', endedAt: '2026-03-01T10:10:00.000Z' }],
      vendors: [{ vendorId: 'v1', firstAt: '2026-03-01T10:10:00.000Z' }],
      npsAnswers: [
        { periodStartedAt: expect.any(String), answeredAt: expect.any(String), score: 9, comment: 'lovely' },
      ],
    };
    expect(await exported('ada')).toEqual(whole);
    expect(await exported('ada', { by: 'officer', scopes: ['privacy'] })).toEqual(whole);
    expect(await exported('ada', { by: 'eve', scopes: ['dashboard'] })).toBe('FORBIDDEN');
    expect(await exported('nobody')).toBeNull();
  });

  it('moves it to the user whom an anonymous history belongs to', async () => {
    const visitor = 'anonymous:00000000-0000-4000-8000-000000000002';
    await act('bob', 'SAVE', '2026-03-02T10:00:00.000Z', 'v1');
    await act(visitor, 'SAVE', '2026-03-02T10:01:00.000Z', 'v1');
    await act(visitor, 'IMPRESSION', '2026-03-02T10:20:00.000Z', 'v1');
    await act(visitor, 'SAVE', '2026-03-01T08:00:00.000Z', 'v2');
    await raise('user.linked', { anonymousSubject: visitor, userId: 'bob' });
    await act('bob', 'SAVE', '2026-03-02T10:40:00.000Z', 'v1');
    const day = 86_400_000;
    const at = (days: number): Date => new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * day);
    await submitNps(database, visitor, { score: 1, comment: 'kept' }, at(-200));
    await submitNps(database, visitor, { score: 2, comment: 'dropped' }, at(-30));
    await submitNps(database, 'bob', { score: 10, comment: 'own' }, at(0));
    await drain();
    expect(await exported('bob')).toMatchObject({
      firstActivity: '2026-03-01T08:00:00.000Z',
      activity: [
        { quarter: '2026-03-01T08:00:00.000Z', saves: 1 },
        { quarter: '2026-03-02T10:00:00.000Z', saves: 2 },
        { quarter: '2026-03-02T10:15:00.000Z', impressions: 1 },
        { quarter: '2026-03-02T10:30:00.000Z', saves: 1 },
      ],
      sessions: [
        { startedAt: '2026-03-01T08:00:00.000Z' },
        { startedAt: '2026-03-02T10:00:00.000Z', endedAt: '2026-03-02T10:40:00.000Z' },
      ],
      vendors: [
        { vendorId: 'v1', firstAt: '2026-03-02T10:00:00.000Z' },
        { vendorId: 'v2', firstAt: '2026-03-01T08:00:00.000Z' },
      ],
      npsAnswers: [{ comment: 'kept' }, { comment: 'own' }],
    });
    expect(await exported(visitor, { by: 'officer', scopes: ['privacy'] })).toBeNull();
    // Nothing is left to move a second time.
    await raise('user.linked', { anonymousSubject: visitor, userId: 'bob' });
    await drain();
    expect(await exported('bob')).toMatchObject({ activity: [{}, { saves: 2 }, {}, {}] });
  });

  it('erases it in the order of events, and confirms', async () => {
    const served = (userId: string): EventPayload<'feed.served'> => ({
      pages: [{ feedId: 'f', userId, mode: 'SIMPLE', contentIds: [], servedAt: '2026-03-01T10:00:00.000Z' }],
    });
    await act('eve', 'SAVE', '2026-03-01T10:00:00.000Z');
    await act('fay', 'SAVE', '2026-03-01T10:00:00.000Z');
    await submitNps(database, 'eve', { score: 3, comment: null });
    const fay = await exported('fay');
    await drain();
    const fayBefore = await exported('fay');
    expect(fay).toBeNull();
    // All in one batch: what comes before the erasure goes with it, what comes after stays.
    await act('eve', 'SAVE', '2026-03-05T10:00:00.000Z');
    await raise('feed.served', served('eve'));
    await raise('user.erased', { requestId, userId: 'eve' });
    await act('eve', 'SAVE', '2026-03-06T10:00:00.000Z');
    await drain();
    expect(await exported('eve')).toMatchObject({
      firstActivity: '2026-03-06T10:00:00.000Z',
      activity: [{ quarter: '2026-03-06T10:00:00.000Z' }],
      sessions: [{}],
      vendors: [{}],
      npsAnswers: [],
    });
    expect(await exported('fay')).toEqual(fayBefore);
    const confirmations = await database.prisma.outboxEvent.findMany({
      where: { type: 'user.erasure-confirmed' },
    });
    expect(confirmations.map(({ payload }) => payload)).toEqual([{ requestId, subgraph: 'metrics' }]);
    // An erasure that is complete, as a consumer would see it that starts anew.
    await raise('user.erased', { requestId, userId: null });
    await drain();
    expect(await exported('eve')).toMatchObject({ sessions: [{}] });
  });

  it('drops dead letters of the erased, which would bring them back', async () => {
    const [event] = await database.prisma.$queryRaw<{ id: bigint }[]>`
      INSERT INTO events.outbox (type, version, payload)
      VALUES ('interactions.recorded', 1, '{"userId": "gil", "interactions": "broken"}') RETURNING id`;
    await drain();
    const letters = (): Promise<number> =>
      database.prisma.deadLetter.count({ where: { consumer: 'metrics.activity' } });
    expect([event === undefined, await letters()]).toEqual([false, 1]);
    await raise('user.erased', { requestId, userId: 'gil' });
    await drain();
    expect(await letters()).toBe(0);
  });
});
