import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { drainConsumer, type OnceConsumer } from './once-consumer.ts';
import { namesOf, raiseMany } from './test/delivery-fixtures.ts';

const backlog = 100_000;

describe.each(databases)('a backlog of 100,000 events on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await raiseMany(database, '', backlog);
  });
  afterAll(() => database.close());

  it('is handled in batches, in order, each event once', async ({ annotate }) => {
    let next = 1;
    let misplaced = 0;
    let largest = 0;
    const consumer: OnceConsumer = {
      name: 'backlog',
      // Types that are read together with the backlog must not make each batch sort it.
      types: ['content.removed', 'content.changed', 'import.completed'],
      handle: (_tx, events) => {
        largest = Math.max(largest, events.length);
        // Checked one by one, so that the test holds no more of the backlog than the consumer does.
        for (const name of namesOf(events)) if (name !== String(next++)) misplaced++;
        return Promise.resolve();
      },
    };
    const start = performance.now();
    await drainConsumer(database, consumer);
    const seconds = (performance.now() - start) / 1000;
    expect([next - 1, misplaced]).toEqual([backlog, 0]);
    expect(largest).toBe(200);
    await annotate(`${Math.round(backlog / seconds).toLocaleString('en')} events/s`);
  });
});
