import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { entry, publish } from '../test/catalogue.ts';
import { readItemTraits, toTraits, type ItemTraits } from './item-traits.ts';

const tagsOf = ({ tags, tagOffsets }: ItemTraits, item: number): number[] => [
  ...tags.subarray(tagOffsets[item], tagOffsets[item + 1]),
];

describe('toTraits', () => {
  it('numbers vendors and tags in the order in which they come, and weighs tags by how rare they are', () => {
    const traits = toTraits([
      { vendor: 'v', tags: ['red', 'dried', 'red'] },
      { vendor: 'w', tags: [] },
      { vendor: 'v', tags: ['wild', 'red'] },
      { vendor: 'x', tags: ['red'] },
    ]);
    expect(traits.names).toEqual({ vendors: ['v', 'w', 'x'], tags: ['red', 'dried', 'wild'] });
    expect([...traits.vendors]).toEqual([0, 1, 0, 2]);
    expect([0, 1, 2, 3].map((item) => tagsOf(traits, item))).toEqual([[0, 1], [], [2, 0], [0]]);
    expect([...traits.idf]).toEqual([Math.log(4 / 3), Math.log(4), Math.log(4)]);
  });
});

describe.each(databases)('readItemTraits on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('keeps the order of the ids, over more items than one statement reads', async () => {
    const contents = Array.from({ length: 2_050 }, (_, index) =>
      entry(`item-${index}`, { vendorId: `vendor-${index}`, tags: [`tag-${index % 3}`] }),
    );
    await publish(database, contents);
    const ids = contents.map(({ id }) => id).toReversed();
    const { names, ...traits } = await readItemTraits(database, ids);
    for (const [item, id] of ids.entries()) {
      const number = Number(id.slice('item-'.length));
      expect(names.vendors[traits.vendors[item] ?? -1]).toBe(`vendor-${number}`);
      expect(tagsOf(traits, item).map((tag) => names.tags[tag])).toEqual([`tag-${number % 3}`]);
    }
  });

  it('has a place for an item that the catalogue does not have', async () => {
    await publish(database, [entry('known', { vendorId: 'v', tags: ['red'] })]);
    const traits = await readItemTraits(database, ['gone', 'known']);
    expect(traits.names).toEqual({ vendors: ['', 'v'], tags: ['red'] });
    expect([tagsOf(traits, 0), tagsOf(traits, 1)]).toEqual([[], [0]]);
  });
});
