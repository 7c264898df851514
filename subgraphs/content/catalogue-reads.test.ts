import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import {
  contentInput,
  listAt,
  openContent,
  upsertContents,
  upsertVendors,
  valueAt,
  vendorInput,
  type ContentUnderTest,
} from './test/open-content.ts';

const megabyte = 'x'.repeat(1_000_000);
const card = `id title description category { slug name contentCount } region { code name contentCount } tags imageUrl
  publishedAt updatedAt version quality stats { impressions views clicks likes saves inquiries }
  similar(first: 3) { id vendor { name } }
  vendor { id name region { code contentCount } websiteUrl version contents(first: 2) { totalCount edges { cursor node { id } } } }`;
const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Content { ${card} } ... on Vendor { id name contents(first: 1) { edges { node { id } } } } } }`;

describe.each(databases)('catalogue reads on $kind', ({ open }) => {
  let database: Database;
  let content: ContentUnderTest;
  const ask: ContentUnderTest['ask'] = (...args) => content.ask(...args);
  const vendors = (...input: object[]) => ask(upsertVendors, { input });
  const contents = (...input: object[]) => ask(upsertContents, { input });
  beforeAll(async () => {
    database = await open();
    content = openContent(database);
    await vendors(vendorInput('v1'), vendorInput('v2', { region: 'CA' }));
  });
  afterAll(() => database.close());

  it('reads lists in the order asked for, with null for the unknown, and refuses what is no id', async () => {
    await contents(contentInput('o1'), contentInput('o2'));
    const { data } = await ask(
      '{ contents(ids: ["o2", "unknown", "o1", "o2"]) { id } vendor(id: "unknown") { id } }',
    );
    expect(data).toEqual({ contents: [{ id: 'o2' }, null, { id: 'o1' }, { id: 'o2' }], vendor: null });
    const lookUp =
      'query ($id: ID!) { content(id: $id) { id } vendor(id: $id) { id } contents(ids: [$id]) { id } }';
    for (const id of ['', megabyte, 'a\0b']) {
      expect((await ask(lookUp, { id })).codes).toEqual([
        'BAD_USER_INPUT',
        'BAD_USER_INPUT',
        'BAD_USER_INPUT',
      ]);
    }
    const ids = Array.from({ length: 101 }, (_, index) => `o${index}`);
    expect((await ask('query ($ids: [ID!]!) { contents(ids: $ids) { id } }', { ids })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  it("pages through a vendor's entries, the newest first, each once", async () => {
    await vendors(vendorInput('paged'), vendorInput('other'));
    await contents(
      ...Array.from({ length: 7 }, (_, index) =>
        contentInput(`p${index}`, {
          vendorId: 'paged',
          publishedAt: `2026-03-0${1 + Math.floor(index / 3)}T00:00:00Z`,
        }),
      ),
    );
    const page = (after: unknown, vendor = 'paged', first = 3) =>
      ask(
        `query ($id: ID!, $first: Int!, $after: String) { vendor(id: $id) { contents(first: $first, after: $after) {
          totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } } }`,
        { id: vendor, first, after },
      );
    const path = ['vendor', 'contents'] as const;
    const seen: string[][] = [];
    let after: unknown = null;
    do {
      const { data } = await page(after);
      seen.push(listAt(data, [...path, 'edges'], ['node', 'id']));
      expect(valueAt(data, ...path, 'totalCount')).toBe(7);
      after =
        valueAt(data, ...path, 'pageInfo', 'hasNextPage') === true
          ? valueAt(data, ...path, 'pageInfo', 'endCursor')
          : null;
    } while (after !== null);
    expect(seen).toEqual([['p6', 'p3', 'p4'], ['p5', 'p0', 'p1'], ['p2']]);
    const cursor = valueAt((await page(null)).data, ...path, 'edges', 0, 'cursor');
    for (const [answer] of [
      [await page(cursor, 'other')],
      [await page('nonsense')],
      [await page(megabyte)],
      [await page(null, 'paged', 0)],
      [await page(null, 'paged', 1000)],
    ] as const) {
      expect(answer.codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('answers whole cards for any number of references with the same number of statements', async () => {
    await contents(
      ...Array.from({ length: 20 }, (_, index) =>
        contentInput(`ref-${index}`, {
          vendorId: index % 2 === 0 ? 'v1' : 'v2',
          tags: ['shared', `t-${index % 5}`],
        }),
      ),
    );
    const statements = async (count: number): Promise<number> => {
      const before = database.timer.statements;
      const representations = Array.from({ length: count }, (_, index) => ({
        __typename: 'Content',
        id: `ref-${index}`,
      }));
      const { data, messages } = await ask(entities, { representations });
      expect(messages).toEqual([]);
      expect(listAt(data, ['_entities'], ['id'])).toEqual(representations.map(({ id }) => id));
      return database.timer.statements - before;
    };
    const one = await statements(1);
    expect(one).toBeGreaterThan(0);
    expect(await statements(20)).toBe(one);
  });

  it('reads no statistics and no vendors that nobody asked for', async () => {
    const before = database.timer.statements;
    await ask('{ contents(ids: ["o1", "o2"]) { id title category { slug name } region { code name } } }');
    expect(database.timer.statements - before).toBe(1);
  });

  it('answers null for references that nobody can resolve', async () => {
    const { data, codes } = await ask(entities, {
      representations: [
        { __typename: 'Content', id: 'unknown' },
        { __typename: 'Content', id: 'a\0b' },
        { __typename: 'Vendor', id: megabyte },
        { __typename: 'Vendor', id: 'v1' },
      ],
    });
    expect(codes).toEqual([]);
    expect(valueAt(data, '_entities')).toMatchObject([null, null, null, { id: 'v1' }]);
  });

  it('counts live entries per category and region', async () => {
    await contents(contentInput('counted', { category: 'venue-tours', region: 'DE' }));
    const counts = async () =>
      (await ask('{ categories { slug name contentCount } regions { code name contentCount } }')).data;
    const before = await counts();
    expect(valueAt(before, 'categories')).toContainEqual({
      slug: 'venue-tours',
      name: 'Venue Tours',
      contentCount: 1,
    });
    expect(valueAt(before, 'regions')).toContainEqual({ code: 'DE', name: 'Germany', contentCount: 1 });
    await contents(contentInput('counted', { category: 'cakes', region: 'FR' }));
    const after = await counts();
    expect(listAt(after, ['categories'], ['slug'])).not.toContain('venue-tours');
    expect(valueAt(after, 'regions')).toContainEqual({ code: 'FR', name: 'France', contentCount: 1 });
    expect(listAt(after, ['regions'], ['code'])).not.toContain('DE');
  });
});
