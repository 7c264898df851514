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

describe.each(databases)('catalogue races on $kind', ({ open }) => {
  let database: Database;
  let content: ContentUnderTest;
  const ask: ContentUnderTest['ask'] = (...args) => content.ask(...args);
  const vendors = (...input: object[]) => ask(upsertVendors, { input });
  const contents = (...input: object[]) => ask(upsertContents, { input });

  beforeAll(async () => {
    database = await open();
    content = openContent(database);
    await vendors(vendorInput('v1'));
  });
  afterAll(() => database.close());

  it('lets many writers of the same entries pass without loss or deadlock', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `race-${index}`);
    const writers = Array.from({ length: 6 }, (_, writer) =>
      contents(
        ...(writer % 2 === 0 ? ids : ids.toReversed()).map((id) =>
          contentInput(id, { title: `By ${writer}`, tags: [`writer-${writer}`], category: 'race' }),
        ),
      ),
    );
    const answers = await Promise.all([
      ...writers,
      vendors(vendorInput('v1', { name: 'Renamed in the race' })),
    ]);
    expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
    const { data } = await ask('query ($ids: [ID!]!) { contents(ids: $ids) { version } }', { ids });
    expect(listAt(data, ['contents'], ['version'])).toEqual(ids.map(() => '6'));
    const [{ data: categories }, facets] = await Promise.all([
      ask('{ categories { slug contentCount } }'),
      database.prisma.facet.findMany({ where: { value: { startsWith: 'writer-' } } }),
    ]);
    expect(valueAt(categories, 'categories')).toContainEqual({ slug: 'race', contentCount: 20 });
    expect(facets.map(({ contents: count }) => count).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 20]);
    const names = await database.prisma.content.findMany({
      where: { vendorId: 'v1' },
      select: { vendorName: true },
      distinct: ['vendorName'],
    });
    expect(names).toEqual([{ vendorName: 'Renamed in the race' }]);
  });

  it('lets exactly one of many create under expectedVersion 0', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, writer) =>
        contents(contentInput('only-one', { title: `By ${writer}`, expectedVersion: 0 })),
      ),
    );
    const created = answers.filter(
      ({ data }) => valueAt(data, 'upsertContents', 'contents', 0) !== undefined,
    );
    expect(created).toHaveLength(1);
  });
});
