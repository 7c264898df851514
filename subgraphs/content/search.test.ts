import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { databases } from '../../test/support/databases.ts';
import { applyInteractions, type AppliedInteraction } from './apply-interactions.ts';
import {
  contentInput,
  deleteContents,
  listAt,
  openContent,
  upsertContents,
  upsertVendors,
  valueAt,
  vendorInput,
  type ContentUnderTest,
} from './test/open-content.ts';

const searchSource = `query ($text: String!, $filter: ContentFilter, $first: Int! = 20, $after: String) {
  searchContent(text: $text, filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }`;

describe.each(databases)('search on $kind', ({ open }) => {
  let database: Database;
  let content: ContentUnderTest;
  const ask: ContentUnderTest['ask'] = (...args) => content.ask(...args);
  const store = async (...input: object[]) => {
    const { data, codes } = await ask(upsertContents, { input });
    expect(codes).toEqual([]);
    expect(valueAt(data, 'upsertContents', 'rejected')).toEqual([]);
  };
  const search = async (text: string, variables: object = {}): Promise<string[]> => {
    const { data, messages } = await ask(searchSource, { text, ...variables });
    expect(messages).toEqual([]);
    return listAt(data, ['searchContent', 'edges'], ['node', 'id']);
  };
  const apply = (...rows: [contentId: string, type: InteractionType, daysAgo: number][]) =>
    database.transaction((tx) =>
      applyInteractions(
        tx,
        rows.map(([contentId, type, daysAgo]): AppliedInteraction => ({
          contentId,
          type,
          occurredAt: ago(daysAgo),
        })),
      ),
    );
  const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);

  beforeAll(async () => {
    database = await open();
    content = openContent(database);
    await ask(upsertVendors, { input: [vendorInput('v1'), vendorInput('v2', { name: 'Blumen Käthe' })] });
    await content.subgraph.start();
  });
  afterAll(async () => {
    await content.subgraph.stop();
    await database.close();
  });

  it('puts the phrase in the title before its words there, tags, and the description, whatever people like', async () => {
    await store(
      contentInput('s-description', {
        title: 'Bridal work',
        description: 'A white peony bouquet. White peony bouquet!',
      }),
      contentInput('s-tag', { title: 'Bridal flowers', tags: ['peony', 'white', 'bouquet'] }),
      contentInput('s-words', { title: 'Bouquet of peony in white' }),
      contentInput('s-phrase', { title: 'Our white peony bouquet' }),
      contentInput('s-none', { title: 'Rustic barn' }),
    );
    await apply(
      ...Array.from({ length: 50 }, (): [string, InteractionType, number] => ['s-description', 'SAVE', 0]),
    );
    expect(await search('white peony bouquet')).toEqual(['s-phrase', 's-words', 's-description', 's-tag']);
    expect(await search('PEONIES bouquets “white”')).toEqual(expect.arrayContaining(['s-phrase', 's-words']));
    expect(await search('“white peony”')).toEqual(['s-phrase', 's-description']);
  });

  it('puts the better liked and the better made of equals first', async () => {
    await store(
      contentInput('eq-a', { title: 'Marquee lights' }),
      contentInput('eq-b', { title: 'Marquee lights' }),
      contentInput('eq-c', { title: 'Marquee lights', imageUrl: 'https://a.example/i.jpg' }),
    );
    expect(await search('marquee lights')).toEqual(['eq-c', 'eq-a', 'eq-b']);
    await apply(['eq-b', 'SAVE', 300], ['eq-b', 'LIKE', 300]);
    expect(await search('marquee lights')).toEqual(['eq-c', 'eq-b', 'eq-a']);
  });

  it('takes the last word for a beginning, but not inside quotes or behind a minus', async () => {
    await store(
      contentInput('cal-1', { title: 'Calligraphy' }),
      contentInput('cal-2', { title: 'Calla lilies' }),
    );
    expect(await search('calligr')).toEqual(['cal-1']);
    expect((await search('cal')).toSorted()).toEqual(['cal-1', 'cal-2']);
    expect(await search('"cal"')).toEqual([]);
    expect(await search('calla -lilies')).toEqual([]);
    expect((await search('calligraphy or calla')).toSorted()).toEqual(['cal-1', 'cal-2']);
    expect(await search('lilies cal')).toEqual(['cal-2']);
  });

  it('falls back to any word where nothing has them all, those with more of them first', async () => {
    await store(
      contentInput('any-1', { title: 'Violin' }),
      contentInput('any-2', { title: 'Music', description: 'Violin and cello for your day.' }),
    );
    expect(await search('violin cello zither')).toEqual(['any-2', 'any-1']);
    expect(await search('zither')).toEqual([]);
  });

  it('finds words without their accents, titles made of stop words, and entries by their vendor', async () => {
    await store(
      contentInput('accent', { title: 'Crème brûlée tower', vendorId: 'v2' }),
      contentInput('stop', { title: 'It' }),
    );
    expect(await search('creme brulee')).toEqual(['accent']);
    expect(await search('CRÈME')).toEqual(['accent']);
    expect(await search('it')).toContain('stop');
    expect(await search('"it"')).toEqual(['stop']);
    expect(await search('kathe')).toEqual(['accent']);
    await ask(upsertVendors, { input: [vendorInput('v2', { name: 'Zinnia & Daughters' })] });
    expect(await search('kathe')).toEqual([]);
    expect(await search('zinnia daughters')).toEqual(['accent']);
  });

  it('never finds the deleted, and narrows by every filter', async () => {
    await store(
      contentInput('f-us', { title: 'Gazebo', tags: ['garden'], category: 'venues' }),
      contentInput('f-ca', {
        title: 'Gazebo',
        region: 'CA',
        vendorId: 'v2',
        imageUrl: 'https://a.example/i.jpg',
      }),
      contentInput('f-gone', { title: 'Gazebo' }),
    );
    await ask(deleteContents, { ids: ['f-gone'] });
    const narrowed = (filter: object) => search('gazebo', { filter });
    expect((await search('gazebo')).toSorted()).toEqual(['f-ca', 'f-us']);
    expect(await narrowed({ regions: ['CA', 'FR'] })).toEqual(['f-ca']);
    expect(await narrowed({ regions: ['ZZ'] })).toEqual([]);
    expect(await narrowed({ categories: ['venues'] })).toEqual(['f-us']);
    expect(await narrowed({ tags: ['garden', 'unknown-tag'] })).toEqual(['f-us']);
    expect(await narrowed({ vendorIds: ['v2'] })).toEqual(['f-ca']);
    expect(await narrowed({ minQuality: 0.25 })).toEqual(['f-ca']);
    expect((await narrowed({ categories: [], tags: null })).length).toBe(2);
  });

  it('pages through all matches, each once, and counts them', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `page-${String(index).padStart(2, '0')}`);
    await store(
      ...ids.map((id, index) =>
        contentInput(id, { title: 'Lantern', tags: index % 3 === 0 ? ['lantern'] : [] }),
      ),
    );
    const seen: string[] = [];
    let after: unknown = null;
    do {
      const { data } = await ask(searchSource, { text: ' lantern ', first: 7, after });
      seen.push(...listAt(data, ['searchContent', 'edges'], ['node', 'id']));
      expect(valueAt(data, 'searchContent', 'totalCount')).toBe(25);
      const more = valueAt(data, 'searchContent', 'pageInfo', 'hasNextPage');
      after = more === true ? valueAt(data, 'searchContent', 'pageInfo', 'endCursor') : null;
    } while (after !== null);
    expect(seen.toSorted()).toEqual(ids);
    expect(seen).toEqual(await search('lantern', { first: 100 }));
  });

  it('refuses broken searches', async () => {
    const { data } = await ask(searchSource, { text: 'lantern', first: 1 });
    const cursor = valueAt(data, 'searchContent', 'edges', 0, 'cursor');
    const fifty = Array.from({ length: 51 }, (_, index) => `c-${index}`);
    for (const variables of [
      { text: '' },
      { text: '   ' },
      { text: 'x'.repeat(201) },
      { text: 'x'.repeat(1_000_000) },
      { first: 0 },
      { first: -1 },
      { first: 1000 },
      { after: 'nonsense' },
      { text: 'gazebo', after: cursor },
      { filter: { regions: ['US'] }, after: cursor },
      { filter: { regions: ['usa'] } },
      { filter: { regions: ['us'] } },
      { filter: { categories: ['No Slug'] } },
      { filter: { categories: fifty } },
      { filter: { tags: ['x'.repeat(1_000_000)] } },
      { filter: { vendorIds: [''] } },
      { filter: { minQuality: 1.5 } },
    ]) {
      expect((await ask(searchSource, { text: 'lantern', ...variables })).codes).toEqual(['BAD_USER_INPUT']);
    }
    expect((await ask(searchSource, { text: 'lantern', after: cursor })).codes).toEqual([]);
  });

  it('survives every odd text', async () => {
    const odd = [
      "it's",
      '\\',
      "' | '",
      ':*',
      '!',
      '& | !',
      '((',
      '"',
      '-',
      'or',
      'a or',
      '<->',
      'a:*b',
      '½ ⑴ ﷺ',
      'हिन्दी',
      '👰🏽',
      '\u0000\u0007x',
      'https://a.example/?a=1&b=2',
      '\uD800',
      'x'.repeat(200),
      Array.from({ length: 99 }, (_, i) => i)
        .join(' ')
        .slice(0, 200),
    ];
    for (const text of odd) {
      const { codes } = await ask(searchSource, { text });
      expect([text, codes]).toEqual([text, []]);
    }
  });
});
