import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import type { EventPayload, EventType, InteractionType } from '#platform/events/contracts.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { databases } from '../../test/support/databases.ts';
import { feedConsumers } from './consumers.ts';
import { addPopularity, sumPopularity } from './interactions/popularity.ts';
import { projectCatalogue } from './project-catalogue.ts';
import { entry, publish, withdraw } from './test/catalogue.ts';
import { openFeed, start, userOf, type FeedUnderTest } from './test/open-feed.ts';

/** Events wait for transactions of other suites on the same server. */
const patience = { timeout: 20_000 };

const later = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);
const touchOf = (contentId: string, type: InteractionType, occurredAt = start) => ({
  contentId,
  type,
  occurredAt,
});

describe.each(databases)('what the feed learns from events on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  let trainingsAskedFor = 0;
  const consumers = feedConsumers(() => trainingsAskedFor++);
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database);
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const raise = <T extends EventType>(type: T, ...payloads: EventPayload<T>[]): Promise<void> =>
    inTransactionWithEvents(database, async (tx) => {
      for (const payload of payloads) await appendEvent(tx, type, payload);
    });
  /** What `look` sees once the events have been handled. */
  const onceHandled =
    <T>(look: () => Promise<T>) =>
    async (): Promise<T> => {
      for (const consumer of consumers) await drainConsumer(database, consumer);
      return look();
    };

  it('shows what the catalogue announces until it is removed', async () => {
    const there = { region: 'AA' };
    const shown = async (): Promise<string[]> => (await feed.read(userOf('ada', there))).ids.toSorted();
    const contents = [entry('a', there), entry('b', there)];
    await raise('content.changed', { contents, vendors: [{ id: 'vendor-of-a', region: 'AA' }] });
    await expect.poll(onceHandled(shown), patience).toEqual(['a', 'b']);
    await raise('content.removed', { contentIds: ['a'] });
    await expect.poll(onceHandled(shown), patience).toEqual(['b']);
  });

  it('makes popular what is interacted with, and counts what can be learned from', async () => {
    const there = { region: 'BB' };
    await publish(database, [entry('loved', there), entry('ignored', there)]);
    await feed.act(userOf('bob'), 'SAVE', 'loved');
    await feed.act(userOf('cleo'), 'VIEW', 'loved');
    await feed.act(userOf('cleo'), 'IMPRESSION', 'ignored');
    const sum = sumPopularity([touchOf('loved', 'SAVE'), touchOf('loved', 'VIEW')]).get('loved');
    const popular = () => database.prisma.feedPopularity.findMany({ where: there });
    const weight = async () => (await popular())[0]?.log2Weight;
    await expect.poll(onceHandled(weight), patience).toBeCloseTo(sum ?? Number.NaN, 6);
    expect(await popular()).toHaveLength(1);
    const models = await database.prisma.feedModelVersion.findMany();
    expect(models.map(({ positives }) => positives)).toEqual([1n, 1n, 1n, 1n]);
    const page = await feed.read(userOf('dan', there));
    expect([page.ids[0], page.sources[0]]).toEqual(['loved', 'TRENDING']);
  });

  it('asks for one training after a batch of imports', async () => {
    const completed = (importId: string) => ({ importId, vendors: 0, contents: 0, interactions: 1 });
    await raise('import.completed', completed('1'), completed('2'));
    const askedFor = () => Promise.resolve(trainingsAskedFor);
    await expect.poll(onceHandled(askedFor), patience).toBe(1);
    const requested = await database.prisma.feedModelVersion.findMany({ select: { requestedAt: true } });
    expect(requested).toEqual(Array.from({ length: 4 }, () => ({ requestedAt: expect.any(Date) })));
  });

  describe('the projection of the catalogue', () => {
    const stateOf = async (id: string): Promise<string> => {
      const row = await database.prisma.feedContent.findUnique({ where: { id } });
      if (row === null) return 'unknown';
      return `v${row.version}${row.removedAt === null ? '' : ' removed'}`;
    };

    it('takes a newer version and never an older one, in one call too', async () => {
      const versions = [2, 3, 1].map((version) => entry('steady', { version }));
      await publish(database, versions);
      expect(await stateOf('steady')).toBe('v3');
      await publish(database, [entry('steady', { version: 2 })], later(5));
      expect(await stateOf('steady')).toBe('v3');
      const tags = ['"', 'b,c', '{}'];
      await publish(database, [entry('steady', { version: 4, tags })], later(6));
      expect(await stateOf('steady')).toBe('v4');
      expect(await database.prisma.feedContent.findUnique({ where: { id: 'steady' } })).toMatchObject({
        tags,
      });
    });

    it('does not bring back what was removed later than the news is from', async () => {
      await publish(database, [entry('back')], start);
      await withdraw(database, ['back'], later(10));
      await publish(database, [entry('back', { version: 2 })], later(5));
      expect(await stateOf('back')).toBe('v1 removed');
      await publish(database, [entry('back', { version: 3 })], later(15));
      expect(await stateOf('back')).toBe('v3');
    });

    it('does not remove what was put in later than the news is from', async () => {
      await publish(database, [entry('kept')], later(10));
      await withdraw(database, ['kept', 'never-heard-of'], later(5));
      expect(await stateOf('kept')).toBe('v1');
      expect(await stateOf('never-heard-of')).toBe('unknown');
    });

    it('keeps the latest region of a vendor', async () => {
      const project = (...regions: string[]): Promise<void> =>
        database.transaction((tx) =>
          projectCatalogue(tx, { contents: [], vendors: regions.map((region) => ({ id: 'v', region })) }),
        );
      await project('US', 'DE');
      await project('FR');
      const vendor = await database.prisma.feedVendor.findUnique({ where: { id: 'v' } });
      expect(vendor).toEqual({ id: 'v', region: 'FR' });
    });
  });

  describe('popularity', () => {
    const add = (...touches: ReturnType<typeof touchOf>[]): Promise<void> =>
      database.transaction((tx) => addPopularity(tx, touches));
    const popularityOf = (...ids: string[]) =>
      database.prisma.feedPopularity.findMany({
        where: { contentId: { in: ids } },
        orderBy: { contentId: 'asc' },
      });

    it('adds up over calls as in one, whatever the distance in time', async () => {
      await publish(database, [entry('p'), entry('q')]);
      const week = 7 * 86_400_000;
      const touches = Array.from({ length: 20 }, (_, index) => {
        const ageMs = ((index * 7) % 11) * week * (index % 5 === 0 ? 400 : 1);
        const occurredAt = new Date(start.getTime() - ageMs);
        return touchOf(index % 2 === 0 ? 'p' : 'q', index % 3 === 0 ? 'SAVE' : 'VIEW', occurredAt);
      });
      for (const touch of touches) await add(touch);
      const sums = sumPopularity(touches);
      const rows = await popularityOf('p', 'q');
      expect(rows).toHaveLength(2);
      for (const { contentId, log2Weight } of rows) {
        expect(log2Weight).toBeCloseTo(sums.get(contentId) ?? Number.NaN, 6);
      }
    });

    it('passes over items that the catalogue does not have, and moves along with their region', async () => {
      await publish(database, [entry('r', { region: 'US' })]);
      await add(touchOf('r', 'SAVE'), touchOf('nowhere', 'SAVE'), touchOf('r', 'HIDE'));
      expect(await popularityOf('r', 'nowhere')).toMatchObject([{ contentId: 'r', region: 'US' }]);
      await publish(database, [entry('r', { region: 'FR', version: 2 })], later(1));
      expect(await popularityOf('r')).toMatchObject([{ region: 'FR' }]);
    });
  });
});
