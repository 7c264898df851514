import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { start } from '../test/open-feed.ts';
import { SlateLog, type Slate, type SlateLogOptions } from './slate-log.ts';

/** So long that nothing is written before a test asks for it. */
const byHand = { flushMs: 3_600_000 };

const slot = { propensity: 0.3125, samples: 256, arms: 12, policy: 'beta-thompson-1:2026-03-01' };

function slateOf(feedId: string, firstPosition = 1, overrides: Partial<Slate> = {}): Slate {
  return {
    feedId,
    firstPosition,
    subject: 'ada',
    binding: 'binding',
    mode: 'SIMPLE',
    segment: 'AT:7',
    items: [
      { id: `item-${firstPosition}`, source: 'FRESH', score: 0.5, slot: null },
      { id: `item-${firstPosition + 1}`, source: 'EXPLORATION', score: 0.25, slot },
    ],
    servedAt: start,
    ...overrides,
  };
}

describe.each(databases)('SlateLog on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const openLog = (options: SlateLogOptions = byHand, on: Database = database): SlateLog =>
    new SlateLog(on, createLogger('silent'), options);
  /** The database, which can be made to fail. */
  const breakable = (): { on: Database; down: (value: boolean) => void } => {
    let isDown = false;
    const transaction: Database['transaction'] = (work) =>
      isDown ? Promise.reject(new Error('the database is down')) : database.transaction(work);
    return {
      on: { ...database, transaction },
      down: (value) => {
        isDown = value;
      },
    };
  };
  const writtenOf = (feedId: string): Promise<number> =>
    database.prisma.feedSlate.count({ where: { feedId } });
  const servedEventsOf = async (feedId: string): Promise<unknown[]> => {
    const rows = await database.prisma.outboxEvent.findMany({ where: { type: 'feed.served' } });
    return rows.map(({ payload }) => payload).filter((payload) => JSON.stringify(payload).includes(feedId));
  };

  it('reads a page before it is written and after, once and the same', async () => {
    const log = openLog();
    const feedId = randomUUID();
    const slates = [slateOf(feedId), slateOf(feedId, 3), slateOf(feedId, 5, { mode: 'TRENDING' })];
    await log.append(slateOf(randomUUID()));
    for (const slate of slates.toReversed()) await log.append(slate);
    expect(await writtenOf(feedId)).toBe(0);
    expect(await log.read(feedId)).toEqual(slates);
    await log.flush();
    expect(await writtenOf(feedId)).toBe(3);
    expect(await log.read(feedId)).toEqual(slates);
    // Another process knows only what is written.
    expect(await openLog().read(feedId)).toEqual(slates);
    await log.stop();
  });

  it('writes by itself after a while', async () => {
    const log = openLog({ flushMs: 1 });
    const feedId = randomUUID();
    await log.append(slateOf(feedId));
    await expect.poll(() => writtenOf(feedId), { timeout: 10_000 }).toBe(1);
    await log.stop();
  });

  it('raises feed.served with what it writes', async () => {
    const log = openLog();
    const feedId = randomUUID();
    await log.append(slateOf(feedId, 1, { subject: null }));
    await log.stop();
    expect(await servedEventsOf(feedId)).toEqual([
      {
        pages: [
          {
            feedId,
            userId: null,
            mode: 'SIMPLE',
            contentIds: ['item-1', 'item-2'],
            servedAt: start.toISOString(),
          },
        ],
      },
    ]);
  });

  it('keeps ids as they are, whatever is in them', async () => {
    const log = openLog();
    const feedId = randomUUID();
    const ids = ['"', '\\', '{a,b}', 'NULL', ' ', "o'clock", '漢字', ','];
    const items = ids.map((id) => ({ id, source: 'FRESH', score: 1 / 3, slot: null }) as const);
    await log.append(slateOf(feedId, 1, { items }));
    await log.stop();
    expect(await openLog().read(feedId)).toEqual([slateOf(feedId, 1, { items })]);
  });

  it('writes a page once, whoever appends it again', async () => {
    const feedId = randomUUID();
    for (const mode of ['SIMPLE', 'TRENDING'] as const) {
      const log = openLog();
      await log.append(slateOf(feedId, 1, { mode }));
      await log.stop();
    }
    expect(await openLog().read(feedId)).toEqual([slateOf(feedId)]);
  });

  it('keeps what could not be written, reads it all the same, and tries again', async () => {
    const { on, down } = breakable();
    const log = openLog({ flushMs: 1 }, on);
    const feedId = randomUUID();
    down(true);
    await log.append(slateOf(feedId));
    await log.flush();
    await log.append(slateOf(feedId, 3));
    expect(await writtenOf(feedId)).toBe(0);
    expect(await log.read(feedId)).toHaveLength(2);
    down(false);
    await expect.poll(() => writtenOf(feedId), { timeout: 10_000 }).toBe(2);
    expect(await log.read(feedId)).toEqual([slateOf(feedId), slateOf(feedId, 3)]);
    await log.stop();
  });

  it('writes what waits before it takes more than it may hold, and where that fails loses the oldest', async () => {
    const { on, down } = breakable();
    const log = openLog({ ...byHand, capacity: 2 }, on);
    const feedId = randomUUID();
    down(true);
    await log.append(slateOf(feedId, 1));
    await log.append(slateOf(feedId, 3));
    await log.append(slateOf(feedId, 5));
    expect((await log.read(feedId)).map(({ firstPosition }) => firstPosition)).toEqual([3, 5]);
    down(false);
    await log.flush();
    expect(await writtenOf(feedId)).toBe(2);
    for (const position of [7, 9, 11]) await log.append(slateOf(feedId, position));
    expect(await writtenOf(feedId)).toBe(4);
    await log.stop();
    expect((await log.read(feedId)).map(({ firstPosition }) => firstPosition)).toEqual([3, 5, 7, 9, 11]);
  });

  it('writes on stop what came during a write', async () => {
    const log = openLog();
    const feedId = randomUUID();
    await log.append(slateOf(feedId));
    const writing = log.flush();
    await log.append(slateOf(feedId, 3));
    await Promise.all([writing, log.stop()]);
    expect(await writtenOf(feedId)).toBe(2);
  });

  it('writes many in batches', async () => {
    const log = openLog();
    const feedId = randomUUID();
    for (let page = 0; page < 450; page++) await log.append(slateOf(feedId, page * 2 + 1));
    await log.stop();
    expect(await writtenOf(feedId)).toBe(450);
    expect(await servedEventsOf(feedId)).toHaveLength(3);
  });
});
