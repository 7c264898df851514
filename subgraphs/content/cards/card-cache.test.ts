import { describe, expect, it } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { platformOn } from '../../../test/support/subgraph.ts';
import {
  contentInput,
  openContent,
  upsertContents,
  upsertVendors,
  vendorInput,
} from '../test/open-content.ts';
import { CardCache, type CardCacheOptions } from './card-cache.ts';
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
    const consumer = cardConsumer(cards);
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
    await consumer.onGap();
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
});
