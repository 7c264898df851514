import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { platformOn } from '../../../test/support/subgraph.ts';
import {
  contentInput,
  deleteContents,
  openContent,
  upsertContents,
  upsertVendors,
  vendorInput,
} from '../test/open-content.ts';
import { CardCache, type CardCacheOptions } from './card-cache.ts';
import { cardCopy } from './copied-card.ts';
import { cardConsumer, PopularCards } from './popular-cards.ts';

const patient: CardCacheOptions = { deadlineMs: 20_000, maxBytes: 1_000_000 };

const titleOf = (row: { title: string } | null | Error): string | null =>
  row instanceof Error ? 'failed' : (row?.title ?? null);

describe.each(databases)('cards on $kind', ({ open }) => {
  it('stand in for a database that is away, within the bound, as they were last read', async () => {
    const database = await open();
    const { telemetry } = platformOn(database);
    const content = openContent(database);
    await content.ask(upsertVendors, { input: ['v1', 'v2'].map((id) => vendorInput(id)) });
    const ids = ['a', 'b', 'c', 'd'];
    await content.ask(upsertContents, {
      input: ids.map((id) => contentInput(id, { vendorId: id === 'c' ? 'v2' : 'v1' })),
    });
    const cards = new CardCache(database, telemetry, patient);
    expect((await cards.contents(['b', 'a', 'nothing'], null)).map(titleOf)).toEqual([
      'Entry b',
      'Entry a',
      null,
    ]);
    expect((await cards.contents(['c', 'd'], null)).map(titleOf)).toEqual(['Entry c', 'Entry d']);
    expect((await cards.vendors(['v1', 'v2'], null)).map((row) => row !== null)).toEqual([true, true]);

    await content.ask(upsertContents, { input: [contentInput('a', { title: 'Entry a, renamed' })] });
    expect((await cards.contents(['a'], null)).map(titleOf)).toEqual(['Entry a, renamed']);
    const consumer = cardConsumer(cards, new PopularCards(database, cards, createLogger('silent')));
    await consumer.handle([
      { id: 1n, type: 'content.removed', createdAt: new Date(), payload: { contentIds: ['d'] } },
    ]);
    const popular = new CardCache(database, telemetry, patient);
    await new PopularCards(database, popular, createLogger('silent')).load();

    await database.close();
    // `d` has changed since it was read.
    expect((await cards.contents(['c', 'a', 'd', 'nothing'], null)).map(titleOf)).toEqual([
      'Entry c',
      'Entry a, renamed',
      'failed',
      'failed',
    ]);
    expect((await cards.contents(['a', 'c'], 'v2')).map(titleOf)).toEqual([null, 'Entry c']);
    expect((await cards.vendors(['v1', 'v2'], 'v1')).map((row) => row === null)).toEqual([false, true]);
    expect((await popular.contents(ids, null)).map(titleOf)).toEqual([
      'Entry a, renamed',
      'Entry b',
      'Entry c',
      'Entry d',
    ]);
    expect(await popular.vendors(['v2'], null)).toMatchObject([{ name: 'Studio v2' }]);
    await expect(consumer.onGap()).rejects.toThrow('pool');
    expect((await cards.contents(['a'], null)).map(titleOf)).toEqual(['failed']);
  });

  it('take no more room than they may', async () => {
    const database = await open();
    const content = openContent(database);
    await content.ask(upsertVendors, { input: [vendorInput('v1')] });
    const ids = Array.from({ length: 20 }, (_, index) => `long-${index}`);
    await content.ask(upsertContents, {
      input: ids.map((id) => contentInput(id, { description: 'x'.repeat(1_000) })),
    });
    const cards = new CardCache(database, platformOn(database).telemetry, { ...patient, maxBytes: 12_500 });
    for (const id of ids) await cards.contents([id], null);
    await database.close();
    const known = (await cards.contents(ids, null)).map((row) => !(row instanceof Error));
    expect(known.slice(0, -5).some((each) => each)).toBe(false);
    expect(known.slice(-4)).toEqual([true, true, true, true]);
  });

  it('are at hand of what trends in a region and of what is new there, in whichever category', async () => {
    const database = await open();
    const content = openContent(database);
    await content.ask(upsertVendors, { input: [vendorInput('v1')] });
    // The first is the newest.
    const ids = Array.from({ length: 660 }, (_, index) => `e-${index}`);
    const input = ids.map((id, index) =>
      contentInput(id, {
        category: ['florals', 'cakes', 'venues'][index % 3],
        publishedAt: new Date(Date.UTC(2026, 0, 1) - index * 60_000),
      }),
    );
    await content.ask(upsertContents, { input: input.slice(0, 500) });
    await content.ask(upsertContents, { input: input.slice(500) });
    await content.ask(deleteContents, { ids: ['e-0'] });
    await database.pool.query(
      'UPDATE content.content_stats SET trend = 1 WHERE content_id = ANY ($1::text[])',
      [ids.slice(360)],
    );
    const cards = new CardCache(database, platformOn(database).telemetry, patient);
    await new PopularCards(database, cards, createLogger('silent')).load();
    await database.close();
    const isKnown = (await cards.contents(ids, null)).map((row) => !(row instanceof Error));
    expect(isKnown.flatMap((known, index) => (known ? [] : [index]))).toEqual([
      0,
      ...Array.from({ length: 59 }, (_, index) => 301 + index),
    ]);
  });

  it('are on disk too, for a process that starts while the database is away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bq-cards-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const logger = createLogger('silent');
    const database = await open();
    const { telemetry } = platformOn(database);
    const openCards = () => {
      const cards = new CardCache(database, telemetry, patient);
      return { cards, popular: new PopularCards(database, cards, logger, cardCopy(folder, logger)) };
    };
    const content = openContent(database);
    await content.ask(upsertVendors, { input: [vendorInput('v1', { description: 'Since 1990' })] });
    const ids = Array.from({ length: 12 }, (_, index) => `item-${index}`);
    await content.ask(upsertContents, {
      input: ids.map((id) => contentInput(id, { tags: ['red', 'wild'], region: 'AT' })),
    });
    const before = openCards();
    await before.popular.load();
    expect(readdirSync(folder)).toEqual(['cards.jsonl']);

    await content.ask(upsertContents, { input: [contentInput('item-0', { title: 'Renamed' })] });
    const whole = openCards();
    await whole.popular.start();
    await whole.popular.stop();
    await database.close();
    expect((await whole.cards.contents(['item-0'], null)).map(titleOf)).toEqual(['Renamed']);

    const away = openCards();
    await away.popular.start();
    await away.popular.stop();
    expect(await away.cards.contents(ids, null)).toEqual(await whole.cards.contents(ids, null));
    expect((await away.cards.contents(ids, null)).map(titleOf)).toEqual([
      'Renamed',
      ...ids.slice(1).map((id) => `Entry ${id}`),
    ]);
    expect(await away.cards.vendors(['v1'], null)).toMatchObject([
      { name: 'Studio v1', description: 'Since 1990' },
    ]);
  });

  it('that were copied to disk are no more once the database has answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bq-cards-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const logger = createLogger('silent');
    const database = await open();
    const { telemetry } = platformOn(database);
    const content = openContent(database);
    await content.ask(upsertVendors, { input: [vendorInput('v1')] });
    await content.ask(upsertContents, { input: [contentInput('a'), contentInput('b')] });
    await new PopularCards(
      database,
      new CardCache(database, telemetry, patient),
      logger,
      cardCopy(folder, logger),
    ).load();
    await content.ask(deleteContents, { ids: ['a'] });

    let isAway = true;
    const flaky: typeof database = {
      ...database,
      read: (statement, ...values) =>
        isAway ? Promise.reject(new Error('away')) : database.read(statement, ...values),
    };
    const cards = new CardCache(database, telemetry, patient);
    const popular = new PopularCards(flaky, cards, logger, cardCopy(folder, logger));
    await popular.start();
    isAway = false;
    await popular.load();
    await popular.stop();
    await database.close();
    expect((await cards.contents(['a', 'b'], null)).map(titleOf)).toEqual(['failed', 'Entry b']);
  });
});
