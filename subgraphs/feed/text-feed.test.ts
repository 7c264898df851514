import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { remoteEmbeddingOf } from '#platform/embedder/remote-embedding.ts';
import { EventDelivery } from '#platform/events/event-delivery.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { Telemetry } from '#platform/telemetry/telemetry.ts';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import { databases } from '../../test/support/databases.ts';
import { decodeVector } from './learning/vector-bytes.ts';
import { entry, publish, type Entry } from './test/catalogue.ts';
import { choose } from './test/learning.ts';
import { openFeed, userOf, type FeedUnderTest } from './test/open-feed.ts';
import { themedEntries } from './test/themed-entries.ts';

/** Trainings and events take their time on a busy machine. */
const patience = { timeout: 30_000 };

/** More than the nearest source looks at, so that what it finds was chosen. */
const themed = themedEntries(50);

describe.each(databases)('a feed by texts on $kind', ({ open }) => {
  const index = createUsearchIndex();
  let database: Database;
  let feed: FeedUnderTest;
  let delivery: EventDelivery;
  beforeAll(async () => {
    database = await open();
    await publish(database, themed);
    feed = openFeed(database, { vectors: { index, shared: false } });
    const parts = { database, logger: createLogger('silent'), telemetry: new Telemetry() };
    delivery = new EventDelivery(
      { ...parts, config: { DATABASE_URL: undefined, DATABASE_DIRECT_URL: undefined } },
      { once: feed.subgraph.consumers, every: feed.subgraph.everyConsumers ?? [] },
    );
    await delivery.open();
    delivery.start();
    await feed.subgraph.start();
    // Nobody has chosen anything yet.
    await vi.waitFor(async () => {
      if ((await index.count()) < themed.length) throw new Error('The index is not filled yet.');
    }, patience);
  });
  afterAll(async () => {
    await delivery.stop();
    await feed.subgraph.stop();
    await database.close();
  });

  const served = async (): Promise<string | null> => {
    const model = await database.prisma.feedModelVersion.findUnique({ where: { name: 'item-vectors' } });
    return model?.method ?? null;
  };
  const announce = (...contents: Entry[]): Promise<void> =>
    inTransactionWithEvents(database, (tx) => appendEvent(tx, 'content.changed', { contents, vendors: [] }));
  /** How many of the 20 items nearest to `id` are of `theme`. */
  const neighboursOf = async (id: string, theme: string): Promise<number> => {
    const row = await database.prisma.feedItemVector.findFirst({ where: { contentId: id } });
    if (row === null) return 0;
    const [self, ...hits] = await index.search({
      vector: decodeVector(row.vector),
      limit: 21,
      regions: null,
      categories: [],
    });
    if (self === undefined || !(await isIndexed(id))) return 0;
    return hits.filter((hit) => hit.id.startsWith(theme)).length;
  };
  const isIndexed = async (id: string): Promise<boolean> => {
    const vector = new Float32Array(await dimensions()).fill(1);
    return (await index.search({ vector, limit: 1, regions: null, categories: [], ids: [id] })).length === 1;
  };
  const dimensions = async (): Promise<number> => {
    const row = await database.prisma.feedItemVector.findFirstOrThrow();
    return decodeVector(row.vector).length;
  };

  it('is of the theme of the one thing that somebody has saved', async () => {
    expect(await served()).toBe('text');
    const ada = userOf('ada');
    await feed.act(ada, 'SAVE', 'rustic-barn-0');
    const page = await feed.read(ada, { first: 20 });
    expect(page).toMatchObject({ mode: 'MULTI_AGENT', degraded: [] });
    expect(page.sources).toContain('NEAREST');
    const nearest = page.ids.filter((_, place) => page.sources[place] === 'NEAREST');
    const alike = nearest.filter((id) => id.startsWith('rustic-barn'));
    // By chance it would be one in six.
    expect(alike.length).toBeGreaterThan(nearest.length / 2);
    expect(alike.length).toBeGreaterThan(8);
  });

  it('finds an item that is new, and moves it where its text moves', async () => {
    const late = { category: 'inspiration', tags: [] };
    const barn = {
      ...late,
      title: 'Hay and lanterns',
      description: 'A farmhouse barn, burlap and oak wagons.',
    };
    await announce(entry('late', barn));
    await expect.poll(() => neighboursOf('late', 'rustic-barn'), patience).toBeGreaterThan(14);
    const beach = {
      ...late,
      title: 'Sand and driftwood',
      description: 'A barefoot surf at the lagoon pier.',
    };
    await announce(entry('late', { ...beach, version: 2 }));
    await expect.poll(() => neighboursOf('late', 'beach-sunset'), patience).toBeGreaterThan(14);
  });

  it('learns from choices once there are enough, without a restart', async () => {
    const [first] = themed;
    for (let user = 0; user < 50; user++) {
      const ids = Array.from(
        { length: 20 },
        (_, place) => themed[(user * 7 + place) % themed.length]?.id ?? '',
      );
      await choose(database, `chooser-${user}`, ids);
    }
    const imported = { importId: 'choices', vendors: 0, contents: 0, interactions: 1_000 };
    await inTransactionWithEvents(database, (tx) => appendEvent(tx, 'import.completed', imported));
    await expect.poll(served, patience).toBe('deep');
    const learned = () => database.prisma.feedItemVector.count({ where: { learned: true } });
    await expect.poll(learned, patience).toBeGreaterThan(100);
    const versions = async () => [
      await index.version(),
      String((await database.prisma.feedItemVector.findFirst())?.version),
    ];
    await expect.poll(async () => new Set(await versions()).size, patience).toBe(1);
    const page = await feed.read(userOf('chooser-0'), { first: 20 });
    expect(page).toMatchObject({ mode: 'MULTI_AGENT', degraded: [] });
    expect(page.ids).not.toContain(first?.id);
  });
});

describe.each(databases)('a feed whose embeddings service is away on $kind', ({ open }) => {
  it('starts and serves all the same', async () => {
    const database = await open();
    await publish(database, themed);
    const embeddings = remoteEmbeddingOf({
      // Nobody listens on the port of tcpmux here.
      EMBEDDINGS_BASE_URL: 'http://127.0.0.1:1/v1',
      EMBEDDINGS_API_KEY: undefined,
      EMBEDDINGS_MODEL: 'small',
    });
    const feed = openFeed(database, { embeddings });
    await feed.subgraph.start();
    expect(await feed.read(userOf('ada'))).toMatchObject({ mode: 'MULTI_AGENT', degraded: [] });
    await feed.subgraph.stop();
    await database.close();
  });
});
