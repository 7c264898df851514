import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import {
  contentInput,
  deleteContents,
  listAt,
  openContent,
  upsertContents,
  upsertVendors,
  valueAt,
  vendorInput,
  visitor,
  type ContentUnderTest,
} from './test/open-content.ts';

const megabyte = 'x'.repeat(1_000_000);
const card = `id title description category { slug name contentCount } region { code name contentCount } tags imageUrl
  publishedAt updatedAt version quality stats { impressions views clicks likes saves inquiries }
  similar(first: 3) { id vendor { name } }
  vendor { id name region { code contentCount } websiteUrl version contents(first: 2) { totalCount edges { cursor node { id } } } }`;

describe.each(databases)('catalogue writes on $kind', ({ open }) => {
  let database: Database;
  let content: ContentUnderTest;
  const ask: ContentUnderTest['ask'] = (...args) => content.ask(...args);
  const vendors = (...input: object[]) => ask(upsertVendors, { input });
  const contents = (...input: object[]) => ask(upsertContents, { input });
  const events = async (): Promise<unknown[]> => {
    const rows = await database.prisma.outboxEvent.findMany({ orderBy: { id: 'asc' } });
    await database.prisma.outboxEvent.deleteMany();
    return rows.map(({ type, payload }) => ({ type, payload }));
  };

  beforeAll(async () => {
    database = await open();
    content = openContent(database);
    await vendors(vendorInput('v1'), vendorInput('v2', { region: 'CA' }));
  });
  afterAll(() => database.close());

  it('stores vendors and tells their consumers', async () => {
    await events();
    const answer = await vendors(
      vendorInput('new', {
        name: ' Ada’s Flowers ',
        description: 'Roses',
        websiteUrl: 'https://ada.example/',
      }),
    );
    expect(answer).toEqual({
      codes: [],
      messages: [],
      data: {
        upsertVendors: {
          vendors: [
            {
              id: 'new',
              name: 'Ada’s Flowers',
              region: { code: 'US' },
              description: 'Roses',
              websiteUrl: 'https://ada.example/',
              version: 1,
            },
          ],
          rejected: [],
        },
      },
    });
    expect(await events()).toEqual([
      { type: 'content.changed', payload: { contents: [], vendors: [{ id: 'new', region: 'US' }] } },
    ]);
  });

  it('stores an entry, reads every field of it and tells its consumers', async () => {
    const publishedAt = '2026-02-03T04:05:06.789Z';
    const input = contentInput('whole', {
      vendorId: 'v2',
      title: ' Peonies in May ',
      description: 'Soft and pink.',
      category: 'floral-design',
      region: 'CA',
      tags: ['pink', 'spring', 'pink'],
      imageUrl: 'https://img.example/p.jpg',
      publishedAt: '2026-02-03T05:05:06.789+01:00',
    });
    await contents(input);
    const quality: unknown = expect.any(Number);
    expect(await events()).toEqual([
      {
        type: 'content.changed',
        payload: {
          vendors: [],
          contents: [
            {
              id: 'whole',
              vendorId: 'v2',
              title: 'Peonies in May',
              description: 'Soft and pink.',
              category: 'floral-design',
              region: 'CA',
              tags: ['pink', 'spring'],
              quality,
              publishedAt,
              version: 1,
            },
          ],
        },
      },
    ]);
    const answer = await ask(`query { content(id: "whole") { ${card} } }`);
    expect(answer.codes).toEqual([]);
    expect(valueAt(answer.data, 'content')).toMatchObject({
      id: 'whole',
      title: 'Peonies in May',
      description: 'Soft and pink.',
      category: { slug: 'floral-design', name: 'Floral Design', contentCount: 1 },
      region: { code: 'CA', name: 'Canada', contentCount: 1 },
      tags: ['pink', 'spring'],
      imageUrl: 'https://img.example/p.jpg',
      publishedAt,
      version: 1,
      stats: { impressions: 0, views: 0, clicks: 0, likes: 0, saves: 0, inquiries: 0 },
      similar: [],
      vendor: { id: 'v2', name: 'Studio v2', contents: { totalCount: 1 } },
    });
  });

  it('keeps version and time of an entry that says nothing new, and raises nothing', async () => {
    const first = await contents(contentInput('same', { tags: ['a', 'b'] }));
    await events();
    const second = await contents(contentInput('same', { tags: ['a', 'b'] }));
    expect(second).toEqual(first);
    expect(await events()).toEqual([]);
    const third = await contents(contentInput('same', { tags: ['b', 'a'] }));
    expect(valueAt(third.data, 'upsertContents', 'contents', 0, 'version')).toBe(2);
  });

  it('rejects the broken entries of a batch alone', async () => {
    const broken: [object, string][] = [
      [{ title: ' ' }, 'title'],
      [{ title: 'x'.repeat(301) }, 'title'],
      [{ title: 'a\0b' }, 'title'],
      [{ title: megabyte }, 'title'],
      [{ description: megabyte }, 'description'],
      [{ description: 'a\0b' }, 'description'],
      [{ category: 'Floral Design' }, 'category'],
      [{ region: 'usa' }, 'region'],
      [{ region: 'us' }, 'region'],
      [{ tags: ['ok', 'Not OK'] }, 'tags'],
      [{ tags: Array.from({ length: 51 }, (_, index) => `tag-${index}`) }, 'tags'],
      [{ imageUrl: 'javascript:alert(1)' }, 'imageUrl'],
      [{ imageUrl: ' java\nscript:alert(1)' }, 'imageUrl'],
      [{ imageUrl: 'data:text/html,hi' }, 'imageUrl'],
      [{ imageUrl: '/relative.jpg' }, 'imageUrl'],
      [{ imageUrl: `https://a.example/${megabyte}` }, 'imageUrl'],
      [{ expectedVersion: -1 }, 'expectedVersion'],
    ];
    const answer = await contents(
      contentInput('good-1'),
      ...broken.map(([override], index) => contentInput(`broken-${index}`, override)),
      contentInput(''),
      contentInput(megabyte),
      contentInput('control\u0007'),
      contentInput('orphan', { vendorId: 'nobody' }),
      contentInput('good-1', { title: 'A second good-1' }),
      contentInput('good-2', { region: 'ZZ' }),
    );
    expect(answer.codes).toEqual([]);
    expect(listAt(answer.data, ['upsertContents', 'contents'], ['id'])).toEqual(['good-1', 'good-2']);
    const rejected = ['upsertContents', 'rejected'];
    expect(listAt(answer.data, rejected, ['id'])).toEqual([
      ...broken.map((_, index) => `broken-${index}`),
      '',
      'x'.repeat(128),
      'control\u0007',
      'orphan',
      'good-1',
    ]);
    expect(listAt(answer.data, rejected, ['code'])).toEqual([
      ...broken.map(() => 'BAD_USER_INPUT'),
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
      'NOT_FOUND',
      'BAD_USER_INPUT',
    ]);
    const messages = listAt(answer.data, rejected, ['message']);
    for (const [index, [, field]] of broken.entries())
      expect(messages[index]).toMatch(new RegExp(`^${field}`));
    for (const message of messages) expect(message.length).toBeLessThan(200);
    const found = await ask(`{ contents(ids: ["broken-0", "good-1", "orphan", "good-2"]) { id title } }`);
    expect(found.data).toEqual({
      contents: [
        null,
        { id: 'good-1', title: 'Entry good-1' },
        null,
        { id: 'good-2', title: 'Entry good-2' },
      ],
    });
  });

  it('rejects the broken vendors of a batch alone', async () => {
    const answer = await vendors(
      vendorInput('bad-url', { websiteUrl: 'javascript:alert(1)' }),
      vendorInput('bad-name', { name: '' }),
      vendorInput('bad-region', { region: 'United States' }),
      vendorInput('late', { expectedVersion: 3 }),
      vendorInput('fine', { expectedVersion: 0 }),
      vendorInput('fine'),
    );
    expect(listAt(answer.data, ['upsertVendors', 'vendors'], ['id'])).toEqual(['fine']);
    expect(listAt(answer.data, ['upsertVendors', 'rejected'], ['code'])).toEqual([
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
      'CONFLICT',
      'BAD_USER_INPUT',
    ]);
  });

  it('applies an expected version only to that version', async () => {
    const versions = async (...input: object[]) => {
      const { data } = await contents(...input);
      return [
        ...listAt(data, ['upsertContents', 'contents'], ['version']),
        ...listAt(data, ['upsertContents', 'rejected'], ['code']),
      ];
    };
    expect(await versions(contentInput('held', { expectedVersion: 1 }))).toEqual(['CONFLICT']);
    expect(await versions(contentInput('held', { expectedVersion: 0 }))).toEqual(['1']);
    expect(await versions(contentInput('held', { expectedVersion: 0 }))).toEqual(['CONFLICT']);
    expect(await versions(contentInput('held', { title: 'Two', expectedVersion: 1 }))).toEqual(['2']);
    expect(await versions(contentInput('held', { title: 'Three', expectedVersion: 1 }))).toEqual([
      'CONFLICT',
    ]);
    expect(valueAt((await ask('{ content(id: "held") { title version } }')).data, 'content')).toEqual({
      title: 'Two',
      version: 2,
    });
  });

  it('deletes once, tells its consumers, and revives under a higher version', async () => {
    await contents(contentInput('mortal', { tags: ['rare-tag'], category: 'rare-category' }));
    await events();
    const first = await ask(deleteContents, { ids: ['mortal', 'never-was', 'mortal', ''] });
    expect(valueAt(first.data, 'deleteContents', 'deletedIds')).toEqual(['mortal']);
    expect(listAt(first.data, ['deleteContents', 'rejected'], ['code'])).toEqual([
      'NOT_FOUND',
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
    ]);
    expect(await events()).toEqual([{ type: 'content.removed', payload: { contentIds: ['mortal'] } }]);
    expect((await ask('{ content(id: "mortal") { id } }')).data).toEqual({ content: null });
    expect(listAt((await ask('{ categories { slug } }')).data, ['categories'], ['slug'])).not.toContain(
      'rare-category',
    );
    const again = await ask(deleteContents, { ids: ['mortal'] });
    expect(listAt(again.data, ['deleteContents', 'rejected'], ['code'])).toEqual(['NOT_FOUND']);
    expect(await events()).toEqual([]);
    const revived = await contents(contentInput('mortal', { expectedVersion: 0 }));
    expect(listAt(revived.data, ['upsertContents', 'contents'], ['version'])).toEqual(['3']);
  });

  it('refuses writes without scope catalogue and batches over 500', async () => {
    for (const [source, variables] of [
      [upsertVendors, { input: [vendorInput('x')] }],
      [upsertContents, { input: [contentInput('x')] }],
      [deleteContents, { ids: ['x'] }],
    ] as const) {
      expect((await ask(source, variables, visitor)).codes).toEqual(['FORBIDDEN']);
    }
    const many = Array.from({ length: 501 }, (_, index) => contentInput(`many-${index}`));
    expect((await contents(...many)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(deleteContents, { ids: many.map((_, index) => `many-${index}`) })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await ask('{ content(id: "many-0") { id } }')).data).toEqual({ content: null });
    expect((await contents(...many.slice(0, 500))).codes).toEqual([]);
    await ask(deleteContents, { ids: many.slice(0, 500).map((_, index) => `many-${index}`) });
  });
});
