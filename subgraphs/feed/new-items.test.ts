import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { databases } from '../../test/support/databases.ts';
import { trainItemNeighbours } from './learning/train-item-neighbours.ts';
import { trainItemVectors } from './learning/train-item-vectors.ts';
import { daysAgo, entries, entry, publish, type Entry } from './test/catalogue.ts';
import { catchUp, choose } from './test/learning.ts';
import { openFeed, userOf, type FeedUnderTest } from './test/open-feed.ts';

/** Long enough ago to count for nothing as news. */
const longAgo = daysAgo(900);
const themes = ['rustic', 'grand', 'wild'];

describe.each(databases)('an item that nobody has touched yet on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  const ofTheme = (theme: string, id: string, overrides: Partial<Entry> = {}): Entry =>
    entry(id, { vendorId: `${theme}-vendor`, tags: [theme, 'wedding'], publishedAt: longAgo, ...overrides });

  beforeAll(async () => {
    database = await open();
    feed = openFeed(database);
    await publish(database, [
      ...themes.flatMap((theme) =>
        Array.from({ length: 8 }, (_, index) => ofTheme(theme, `${theme}-${index}`)),
      ),
      // More than a feed holds, all of them newer.
      ...entries('news', 300, () => ({ tags: ['news'] })),
    ]);
    for (const theme of themes) {
      for (let user = 0; user < 16; user++) {
        const chosen = [0, 1, 2].map((step) => `${theme}-${(user + step * (1 + (user % 3))) % 8}`);
        await choose(database, `${theme}-user-${user}`, [...new Set(chosen)]);
      }
    }
    await trainItemNeighbours(database);
    await trainItemVectors(database, { method: 'deep' });
    await catchUp(database, feed.subgraph.everyConsumers);
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const announce = async (...contents: readonly Entry[]): Promise<void> => {
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'content.changed', { contents: [...contents], vendors: [] }),
    );
    for (const consumer of feed.subgraph.consumers) await drainConsumer(database, consumer);
    await catchUp(database, feed.subgraph.everyConsumers);
  };

  it('reaches the feed of somebody who chose its tags and its vendor, before others', async () => {
    await announce(...themes.map((theme) => ofTheme(theme, `new-${theme}`)));
    const ada = userOf('ada');
    // A vendor has three of twenty: what is new and two that she has not chosen.
    await feed.act(ada, 'SAVE', ...[0, 1, 2, 3, 4, 5].map((index) => `rustic-${index}`));
    const page = await feed.read(ada, { first: 20 });
    expect(page.degraded).toEqual([]);
    expect(page.ids).toContain('new-rustic');
    expect(page.sources[page.ids.indexOf('new-rustic')]).toBe('NEAREST');
    const whole = await feed.read(ada, { first: 100 });
    const place = (id: string): number => (whole.ids.includes(id) ? whole.ids.indexOf(id) : Infinity);
    expect(place('new-rustic')).toBeLessThan(place('new-grand'));
    expect(place('new-rustic')).toBeLessThan(place('new-wild'));
  });

  it('reaches nobody in another region, and moves when it does', async () => {
    const bob = userOf('bob', { region: 'US' });
    await feed.act(bob, 'SAVE', 'grand-0', 'grand-1');
    const shown = async (): Promise<boolean> => {
      await feed.ask('mutation { refreshFeed { discarded } }', {}, bob);
      return (await feed.read(bob, { first: 100 })).ids.includes('far-away');
    };
    await announce(ofTheme('grand', 'far-away', { region: 'DE' }));
    expect(await shown()).toBe(false);
    await announce(ofTheme('grand', 'far-away', { region: 'US', version: 2 }));
    expect(await shown()).toBe(true);
  });
});
