import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../../test/support/databases.ts';
import { entries, entry, publish, withdraw } from '../../test/catalogue.ts';
import { ItemTexts } from './item-texts.ts';

describe.each(databases)('texts of items on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await publish(database, [
      ...entries('item', 30),
      entry('barn', {
        title: 'A\n barn',
        category: 'venues',
        tags: ['rustic'],
        description: 'Hay. '.repeat(200),
      }),
      entry('gone'),
    ]);
    await withdraw(database, ['gone']);
  });
  afterAll(() => database.close());

  it('are cut, and null for what is not there', async () => {
    const [barn, gone, unknown] = await new ItemTexts(database).load(['barn', 'gone', 'unknown']);
    expect(barn).toMatchObject({ title: 'A barn', category: 'venues', tags: ['rustic'] });
    expect(barn?.description).toHaveLength(400);
    expect([gone, unknown]).toEqual([null, null]);
  });

  it('come by one statement for all batches of a moment, and are remembered until they change', async () => {
    const texts = new ItemTexts(database);
    const statements = vi.spyOn(database.prisma, '$queryRaw');
    const batches = [0, 10, 20].map((first) =>
      Array.from({ length: 10 }, (_, index) => `item-${first + index}`),
    );
    const [first = []] = await Promise.all(batches.map((ids) => texts.load(ids)));
    expect(first.map((text) => text?.title)).toEqual(batches[0]?.map((id) => `Entry ${id}`));
    await texts.load(['item-3', 'item-25']);
    expect(statements).toHaveBeenCalledTimes(1);
    texts.forgetAll();
    await texts.load(['item-3']);
    expect(statements).toHaveBeenCalledTimes(2);
    statements.mockRestore();
  });

  it('are those of an event, which the projection may not know yet', async () => {
    const texts = new ItemTexts(database);
    await texts.load(['item-1', 'item-2']);
    texts.learn([entry('item-1', { title: 'Another', description: 'By the sea.' })]);
    texts.remove(['item-2']);
    const [changed, removed] = await texts.load(['item-1', 'item-2']);
    expect(changed).toMatchObject({ title: 'Another', description: 'By the sea.' });
    expect(removed).toBeNull();
    // Without a description there is nothing to take over.
    texts.learn([entry('item-1', { title: 'A third' })]);
    expect((await texts.load(['item-1']))[0]?.title).toBe('Entry item-1');
  });
});
