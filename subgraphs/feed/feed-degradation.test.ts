import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import { databases } from '../../test/support/databases.ts';
import { EditorialShelf } from './editorial/editorial-shelf.ts';
import { addPopularity } from './interactions/popularity.ts';
import { ModelShelf } from './learning/served-models.ts';
import { TrendingShelf } from './fallback/trending-shelf.ts';
import { fallbackPipeline, feedPipeline, shelvedPipeline } from './pipeline.ts';
import type { Pipeline, Source } from './pipeline/component.ts';
import { degradedLifeMs, snapshotLifeMs } from './snapshot/feed-snapshot.ts';
import { entries, publish } from './test/catalogue.ts';
import { clockedCaches } from './test/clocked-cache.ts';
import { sixOf } from './test/panels.ts';
import {
  feedQuery,
  openFeed,
  patientDeadlines,
  strangerOf,
  TestClock,
  userOf,
  type FeedUnderTest,
} from './test/open-feed.ts';

const internals = 'connect ECONNREFUSED 10.0.0.1:5432';
const allSources = [
  'editorial-source',
  'collaborative-source',
  'followed-source',
  'nearest-source',
  'trending-source',
  'fresh-source',
];
/** And the last one, which answers from memory. */
const everySource = [...allSources, 'shelf-source'];
const tooLateMs = 5;

describe.each(databases)('a feed of which parts fail on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  const clock = new TestClock();
  /** Names of the components that throw, and of those that never answer. */
  let broken: readonly string[] = [];
  let late: readonly string[] = [];

  const breakable = (source: Source): Source => ({
    ...source,
    enabled: (query) => broken.includes(source.name) || late.includes(source.name) || source.enabled(query),
    get deadlineMs() {
      return late.includes(source.name) ? tooLateMs : source.deadlineMs;
    },
    find: (query) => {
      if (late.includes(source.name)) return new Promise(() => undefined);
      return broken.includes(source.name) ? Promise.reject(new Error(internals)) : source.find(query);
    },
  });
  const breakablePipeline = (pipeline: Pipeline): Pipeline => ({
    ...pipeline,
    queryHydrators: pipeline.queryHydrators.map((hydrator) => ({
      ...hydrator,
      hydrate: (query) =>
        broken.includes(hydrator.name) ? Promise.reject(new Error(internals)) : hydrator.hydrate(query),
    })),
    sources: pipeline.sources.map((source) => breakable(source)),
    filters: pipeline.filters.map((filter) => ({
      ...filter,
      apply: (query, candidates) => {
        if (broken.includes(filter.name)) throw new Error(internals);
        return filter.apply(query, candidates);
      },
    })),
  });

  beforeAll(async () => {
    database = await open();
    const models = new ModelShelf(database);
    const shelf = new TrendingShelf(database, createLogger('silent'));
    const parts = {
      database,
      models,
      ...sixOf(models),
      vectors: createUsearchIndex(),
      editorial: new EditorialShelf(database),
      exploration: { share: 0, posteriors: { current: null }, uniform: Math.random },
      pool: { draw: () => [] },
      deadlines: patientDeadlines,
    };
    feed = openFeed(database, {
      clock: clock.now,
      caches: clockedCaches(clock.now),
      pipelines: {
        personal: breakablePipeline(feedPipeline(parts)),
        fallback: breakablePipeline(fallbackPipeline(parts)),
        shelved: breakablePipeline(shelvedPipeline(parts, shelf)),
      },
    });
    await publish(database, entries('item', 50));
    await publish(
      database,
      entries('foreign', 20, () => ({ region: 'AT' })),
    );
    await shelf.load();
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  /** Reads while some components throw and others never answer. */
  const during = async <T>(
    failures: { broken?: readonly string[]; late?: readonly string[] },
    work: () => Promise<T>,
  ): Promise<T> => {
    ({ broken = [], late = [] } = failures);
    try {
      return await work();
    } finally {
      [broken, late] = [[], []];
    }
  };

  it('goes on without a source that throws and one that is late, and names them', async () => {
    const failures = { broken: ['trending-source'], late: ['collaborative-source'] };
    const page = await during(failures, () => feed.read(userOf('ada')));
    expect(page.ids).toHaveLength(20);
    expect(page.mode).toBe('MULTI_AGENT');
    expect(page.degraded.toSorted((a, b) => (a.component < b.component ? -1 : 1))).toEqual([
      { component: 'collaborative-source', cause: `no answer within ${tooLateMs} ms` },
      { component: 'trending-source', cause: 'failed' },
    ]);
  });

  it('is TRENDING for a user of whom nothing personal can be had', async () => {
    const noTaste = await during({ broken: ['taste-hydrator'] }, () => feed.read(userOf('bea')));
    expect(noTaste).toMatchObject({
      mode: 'TRENDING',
      degraded: [{ component: 'taste-hydrator', cause: 'failed' }],
    });
    const personal = ['collaborative-source', 'followed-source'];
    expect(await during({ broken: personal }, () => feed.read(userOf('bob')))).toMatchObject({
      mode: 'TRENDING',
    });
    // Somebody without an id had no personal feed to lose.
    expect(await during({ broken: personal }, () => feed.read(strangerOf(null)))).toMatchObject({
      mode: 'MULTI_AGENT',
    });
  });

  it('says that it is unavailable when no source answers, and shows no internals', async () => {
    const ask = (after: string | null, caller = userOf('cleo')) => feed.ask(feedQuery, { after }, caller);
    for (const caller of [userOf('cleo'), strangerOf(null, 'US')]) {
      const answer = await during({ broken: everySource }, () => ask(null, caller));
      expect(answer).toMatchObject({ data: { feed: null }, codes: ['DEPENDENCY_UNAVAILABLE'] });
      expect(JSON.stringify(answer)).not.toContain(internals);
    }
    expect((await ask(null)).codes).toEqual([]);
  });

  it('says so on a later page too, and goes on where it stopped once a source answers', async () => {
    const dora = userOf('dora');
    const first = await feed.read(dora);
    clock.pass(snapshotLifeMs);
    const failed = await during({ broken: everySource }, () =>
      feed.ask(feedQuery, { after: first.endCursor }, dora),
    );
    expect(failed).toMatchObject({ data: { feed: null }, codes: ['DEPENDENCY_UNAVAILABLE'] });
    const second = await feed.read(dora, { after: first.endCursor });
    expect(second.ids).toHaveLength(20);
    expect(new Set([...first.ids, ...second.ids]).size).toBe(40);
  });

  it('does not end where a late source would have had more, and asks it again for the next page', async () => {
    await database.transaction((tx) =>
      addPopularity(
        tx,
        ['item-1', 'item-2'].map((contentId) => ({ contentId, type: 'SAVE', occurredAt: clock.now() })),
      ),
    );
    const ian = userOf('ian');
    const first = await during({ late: ['fresh-source'] }, () => feed.read(ian));
    expect(first).toMatchObject({ ids: ['item-1', 'item-2'], hasNextPage: true });
    const second = await feed.read(ian, { after: first.endCursor });
    expect(second).toMatchObject({ feedId: first.feedId, degraded: [] });
    expect(new Set([...first.ids, ...second.ids]).size).toBe(22);
    const unknown = await during({ late: ['fresh-source'] }, async () => {
      const jo = userOf('jo');
      const { endCursor } = await feed.read(jo);
      return feed.ask(feedQuery, { after: endCursor }, jo);
    });
    expect(unknown).toMatchObject({ data: { feed: null }, codes: ['DEPENDENCY_UNAVAILABLE'] });
  });

  it('is offered for ten seconds, and read to its end after', async () => {
    const eve = userOf('eve');
    const first = await during({ broken: ['trending-source'] }, () => feed.read(eve));
    clock.pass(degradedLifeMs - 1);
    expect((await feed.read(eve)).feedId).toBe(first.feedId);
    clock.pass(1);
    const whole = await feed.read(eve);
    expect(whole.feedId).not.toBe(first.feedId);
    expect(whole.degraded).toEqual([]);
    const second = await feed.read(eve, { after: first.endCursor });
    expect(second).toMatchObject({ feedId: first.feedId, degraded: first.degraded });
    expect(new Set([...first.ids, ...second.ids]).size).toBe(40);
  });

  it('shows what trends in the region where no source answers, from memory', async () => {
    for (const caller of [userOf('fay', { region: 'US' }), strangerOf(null, 'US')]) {
      const page = await during({ broken: allSources }, () => feed.read(caller));
      expect(page).toMatchObject({ mode: 'TRENDING', hasNextPage: true });
      expect(page.ids.filter((id) => id.startsWith('item-'))).toHaveLength(20);
      expect(new Set(page.sources)).toEqual(new Set(['TRENDING']));
      expect(page.degraded.map(({ component }) => component)).toEqual(
        expect.arrayContaining(['trending-source', 'fresh-source']),
      );
    }
    const narrowed = await during({ broken: allSources }, () =>
      feed.read(userOf('gil'), { filter: { regions: ['AT'] }, first: 100 }),
    );
    expect(narrowed.ids.filter((id) => id.startsWith('foreign-'))).toHaveLength(20);
  });

  it('shows what trends where a rule cannot be checked', async () => {
    const page = await during({ broken: ['hidden-filter'] }, () =>
      feed.read(userOf('hugo', { region: 'US' })),
    );
    expect(page).toMatchObject({
      mode: 'TRENDING',
      degraded: [{ component: 'personal-feed', cause: 'failed' }],
    });
    expect(page.ids).toHaveLength(20);
  });

  it('tells its stages to scope dashboard alone', async () => {
    const operator = userOf('operator', { scopes: ['dashboard'] });
    const { stages } = await during({ broken: ['fresh-source'] }, () => feed.read(operator));
    expect(stages?.map(({ component }) => component)).toEqual(expect.arrayContaining(allSources));
    expect(stages?.find(({ component }) => component === 'fresh-source')).toMatchObject({
      input: 0,
      output: 0,
      skipped: true,
    });
    for (const caller of [userOf('gus'), strangerOf(null), userOf('hal', { scopes: ['catalogue'] })]) {
      expect((await feed.read(caller)).stages).toBeNull();
    }
  });
});
