import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import { askSubgraph, platformOn } from '../../test/support/subgraph.ts';
import { scopes, type Caller, type Scope } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { EventPayload } from '#platform/events/contracts.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { ProcessReporter } from '#platform/telemetry/process-reporter.ts';
import { Telemetry } from '#platform/telemetry/telemetry.ts';
import { processReportConsumer } from './consumers.ts';
import { createMetricsSubgraph } from './index.ts';
import { submitNps } from './nps.ts';
import { recordActivity } from './record-activity.ts';
import { measureSystemHealth } from './system-health.ts';

const logger = createLogger('silent');
const callerOf = (userId: string | null, held: readonly Scope[]): Caller => ({
  region: null,
  locale: null,
  key: null,
  scopes: new Set(held),
  ...(userId === null ? { kind: 'anonymous', anonymousId: null } : { kind: 'user', userId }),
});

describe.each(databases)('metrics on $kind', ({ open }) => {
  let database: Database;
  let subgraph: Subgraph;
  beforeAll(async () => {
    database = await open();
    subgraph = createMetricsSubgraph(platformOn(database));
  });
  afterAll(() => database.close());

  const ask = async (source: string, variables: Record<string, unknown>, caller: Caller) => {
    const { data, codes } = await askSubgraph(subgraph, source, { variables, caller });
    return { data, codes };
  };

  it('adds up what the processes report, over minutes and hours, and forgets old reports', async () => {
    const report = (processId: string, to: string, more: Partial<EventPayload<'process.reported'>> = {}) =>
      inTransactionWithEvents(database, (tx) =>
        appendEvent(tx, 'process.reported', {
          processId,
          role: 'gateway',
          from: new Date(Date.parse(to) - 10_000).toISOString(),
          to,
          requests: 50,
          errors: 1,
          latency: null,
          caches: [{ tier: 'cards', hits: 3, misses: 1 }],
          database: { kind: database.kind, connectionsInUse: 2, connectionsMax: 10, latency: null },
          worker: { id: Number(processId), eventLoopUtilisation: 0.5, heapUsedBytes: 1e6, uptimeSeconds: 60 },
          ...more,
        }),
      );
    // Half past, so that the window of an hour begins within one.
    const now = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000 * 4.5);
    const before = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
    await report('1', before(20));
    await report('1', before(10), { requests: 30, errors: 0, caches: [] });
    await report('2', before(15));
    await report('2', before(3 * 3600));
    await report('3', before(150), { caches: [{ tier: 'answers', hits: 0, misses: 2 }] });
    await report('2', before(50 * 60), { caches: [] });
    await report('2', before(62 * 60), { caches: [] });
    await report('2', before(40 * 86_400));
    await drainConsumer(database, processReportConsumer);
    expect(await measureSystemHealth(database, 'LAST_HOUR', now)).toEqual({
      window: 'LAST_HOUR',
      requests: 230,
      // Reports cover 30 s to 10 s ago, 160 s to 150 s ago and 3,010 s to 3,000 s ago.
      requestsPerSecond: 230 / 40,
      errorRate: 4 / 230,
      latency: { p50Ms: 0, p99Ms: 0, p999Ms: 0 },
      caches: [
        { tier: 'answers', hits: 0, misses: 2, hitRate: 0 },
        { tier: 'cards', hits: 6, misses: 2, hitRate: 0.75 },
      ],
      database: {
        kind: database.kind,
        connectionsInUse: 4,
        connectionsMax: 20,
        queryLatency: { p50Ms: 0, p99Ms: 0, p999Ms: 0 },
      },
      workers: [1, 2].map((worker) => ({
        worker,
        eventLoopUtilisation: 0.5,
        heapUsedBytes: 1e6,
        uptimeSeconds: 60,
      })),
    });
    for (const window of ['LAST_DAY', 'LAST_WEEK', 'LAST_MONTH'] as const) {
      expect(await measureSystemHealth(database, window, now)).toMatchObject({
        requests: 330,
        errorRate: 6 / 330,
      });
    }
    expect(
      await database.prisma.processReport.count({
        where: { startsAt: { lt: new Date(before(36 * 86_400)) } },
      }),
    ).toBe(0);
  });

  it('reports what a process counted, again after a failure and at the end', async () => {
    const telemetry = new Telemetry();
    const failing = { fails: false };
    const flaky: Database = {
      ...database,
      transaction: (work) =>
        failing.fails ? Promise.reject(new Error('no database')) : database.transaction(work),
    };
    const reporter = new ProcessReporter(
      { database: flaky, telemetry, logger },
      { role: 'gateway', intervalMs: 20 },
    );
    reporter.start();
    failing.fails = true;
    for (let request = 1; request <= 100; request++) telemetry.recordRequest(request, request === 1);
    telemetry.recordCacheRead('cards', true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    failing.fails = false;
    await reporter.stop();
    await drainConsumer(database, processReportConsumer);
    const health = await measureSystemHealth(database, 'LAST_HOUR');
    expect(health).toMatchObject({ requests: 100, errorRate: 0.01 });
    expect(health.caches).toEqual([{ tier: 'cards', hits: 1, misses: 0, hitRate: 1 }]);
    expect(health.latency.p50Ms).toBeCloseTo(50, -1);
    expect(health.latency.p99Ms).toBeCloseTo(99, -1);
    expect(health.database.queryLatency.p50Ms).toBeGreaterThan(0);
    expect(health.workers).toHaveLength(1);
  });

  it('reports an idle process at its start and its end alone', async () => {
    const count = () => database.prisma.outboxEvent.count({ where: { type: 'process.reported' } });
    const before = await count();
    const telemetry = new Telemetry();
    const reporter = new ProcessReporter(
      { database, telemetry, logger },
      { role: 'gateway', intervalMs: 10 },
    );
    reporter.start();
    await expect.poll(count, { timeout: 10_000 }).toBe(before + 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await count()).toBe(before + 1);
    await reporter.stop();
    expect(await count()).toBe(before + 2);
  });

  it('answers over GraphQL, with null for callers without scope dashboard', async () => {
    const query = `query ($timeZone: String) {
      systemHealth { window requests latency { p50Ms } caches { tier } database { kind } workers { worker } }
      businessMetrics(window: LAST_HOUR, timeZone: $timeZone) {
        window dailyActiveUsers monthlyActiveUsers sessions medianSessionSeconds retention { d1 d7 d30 }
        saveRate vendorDiscoveryRate nps { score responses } } }`;
    const seen = { userId: 'live', contentId: 'content-1', vendorId: 'vendor-1', occurredAt: new Date() };
    await database.transaction((tx) =>
      recordActivity(tx, [
        { ...seen, type: 'IMPRESSION' },
        { ...seen, type: 'SAVE' },
      ]),
    );
    await submitNps(database, 'live', { score: 9, comment: null });
    const { data, codes } = await ask(query, { timeZone: 'Asia/Kolkata' }, callerOf('ops', ['dashboard']));
    expect(codes).toEqual([]);
    expect(data).toMatchObject({
      systemHealth: { window: 'LAST_HOUR', database: { kind: database.kind } },
      businessMetrics: {
        window: 'LAST_HOUR',
        dailyActiveUsers: 1,
        monthlyActiveUsers: 1,
        sessions: 1,
        medianSessionSeconds: 0,
        retention: { d1: null, d7: null, d30: null },
        saveRate: 1,
        vendorDiscoveryRate: 1,
        nps: { score: 100, responses: 1 },
      },
    });
    const refused = await ask(query, {}, callerOf('eve', ['catalogue', 'experiments']));
    expect(refused).toEqual({ data: { systemHealth: null, businessMetrics: null }, codes: [] });
    const wrong = await ask(query, { timeZone: 'Mars/Olympus' }, callerOf('ops', scopes));
    expect(wrong.codes).toEqual(['BAD_USER_INPUT']);
  });

  it('takes an answer to the promoter question from a known caller only, and within its bounds', async () => {
    const submit =
      'mutation ($score: Int!, $comment: String) { submitNps(score: $score, comment: $comment) { accepted } }';
    const ada = callerOf('ada', []);
    expect((await ask(submit, { score: 0, comment: 'x'.repeat(2_000) }, ada)).data).toEqual({
      submitNps: { accepted: true },
    });
    expect((await ask(submit, { score: 11 }, ada)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(submit, { score: -1 }, ada)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(submit, { score: 5, comment: 'x'.repeat(2_001) }, ada)).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await ask(submit, { score: 5 }, callerOf(null, scopes))).codes).toEqual(['UNAUTHENTICATED']);
    const answers = await database.prisma.npsResponse.findMany({ where: { userId: 'ada' } });
    expect(answers.map(({ score }) => score)).toEqual([0]);
  });
});
