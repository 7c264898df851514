import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { askSubgraph, platformOn } from '../../../test/support/subgraph.ts';
import { createFeedSubgraph } from '../index.ts';
import type { FeedSnapshot, RankedItem } from '../snapshot/feed-snapshot.ts';
import { entries, publish } from '../test/catalogue.ts';
import { feedQuery, patientDeadlines, start, userOf } from '../test/open-feed.ts';
import { FeedGeneratedLog } from './feed-generated-log.ts';

const request = {
  viewer: 'ada',
  subject: 'ada',
  regions: null,
  filter: { categories: [], regions: [], tags: [], vendorIds: null, minQuality: 0 },
  first: 20,
  after: null,
  traceId: 'trace-1',
};

const item = (id: string, values: readonly number[]): RankedItem => ({
  id,
  source: 'FRESH',
  score: 0.5,
  slot: null,
  explanation: { values, fallbacks: 0, reason: { kind: 'EXPLORING', region: null, category: null } },
});

const snapshot: FeedSnapshot = {
  feedId: 'f0000000-0000-4000-8000-000000000000',
  regions: null,
  mode: 'MULTI_AGENT',
  segment: '*:new',
  degraded: [{ component: 'custom', cause: 'failed' }],
  scoring: {
    mode: 'MULTI_AGENT',
    panelVersion: 'six-0123456789',
    parts: [
      { name: 'discovery', weight: 1, latencyMs: 0.12345 },
      { name: 'quality', weight: 1, latencyMs: 2 },
    ],
    degraded: [{ component: 'custom', cause: 'failed' }],
    cacheHits: 7,
    cacheMisses: 3,
  },
  stages: [],
  generatedAt: start,
  served: [],
  rest: [item('a', [0.2, -1]), item('b', [0.4, -1]), item('c', [0.6, -1])],
};

/** A logger, and the lines of `feed_generated` that it has written. */
function listen() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', {
    write: (line) => {
      const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(line));
      if (parsed['event'] === 'feed_generated') lines.push(parsed);
    },
  });
  return { lines, logger };
}

describe('FeedGeneratedLog', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells what a ranking was, once the response has had time to go', () => {
    const { lines, logger } = listen();
    const log = new FeedGeneratedLog(logger);
    log.record(request, snapshot, { durationMs: 12.345, explored: 1 });
    vi.advanceTimersByTime(49);
    expect(lines).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(lines).toEqual([
      expect.objectContaining({
        feedSize: 3,
        latencyMs: 12.3,
        agents: {
          discovery: { score: 0.4, latencyMs: 0.123 },
          quality: { score: null, latencyMs: 2 },
        },
        thompson: { exploration: 1, exploitation: 2 },
        cacheHits: 7,
        cacheMisses: 3,
        mode: 'MULTI_AGENT',
        panelVersion: 'six-0123456789',
        degraded: ['custom'],
        traceId: 'trace-1',
      }),
    ]);
    expect(lines[0]?.['userId']).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(lines)).not.toContain('"ada"');
  });

  it('has no agents and no user where there were none, and loses no line at the end', () => {
    const { lines, logger } = listen();
    const log = new FeedGeneratedLog(logger);
    log.record(
      { ...request, subject: null },
      { ...snapshot, mode: 'TRENDING', scoring: null },
      { durationMs: 1, explored: 0 },
    );
    log.flush();
    expect(lines).toMatchObject([{ userId: null, agents: {}, mode: 'TRENDING', cacheHits: 0 }]);
    vi.advanceTimersByTime(100);
    expect(lines).toHaveLength(1);
  });
});

describe.each(databases)('feed_generated on $kind', ({ open }) => {
  it('is one line for each ranking, and none for a page of it', async () => {
    const database = await open();
    const { lines, logger } = listen();
    const subgraph = createFeedSubgraph(
      { ...platformOn(database), logger },
      { clock: () => start, deadlines: patientDeadlines },
    );
    await publish(database, entries('item', 30));
    const read = () => askSubgraph(subgraph, feedQuery, { variables: { first: 5 }, caller: userOf('ada') });
    await read();
    await read();
    await subgraph.stop();
    await database.close();
    expect(lines).toMatchObject([
      { feedSize: 30, mode: 'MULTI_AGENT', degraded: [], traceId: 'test', thompson: { exploitation: 30 } },
    ]);
    expect(Object.keys(Object(lines[0]?.['agents']))).toEqual([
      'discovery',
      'quality',
      'archivist',
      'serendipity',
      'forecaster',
      'custom',
    ]);
  });
});
