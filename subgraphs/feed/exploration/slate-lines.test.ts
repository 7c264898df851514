import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { databases } from '../../../test/support/databases.ts';
import { feedConsumers } from '../consumers.ts';
import { entries, publish } from '../test/catalogue.ts';
import { openFeed, recordInteractions, start, userOf, type FeedUnderTest } from '../test/open-feed.ts';
import { seededRandom } from '../learning/seeded-random.ts';
import { slateLines, type SlateLine } from './slate-lines.ts';

const hour = 3_600_000;
const windowMs = 24 * hour;

describe.each(databases)('slateLines on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  const ada = userOf('ada');
  beforeAll(async () => {
    database = await open();
    await publish(database, entries('item', 60));
    feed = openFeed(database, { exploration: { share: 0.5, uniform: seededRandom(4) } });
    await feed.subgraph.start();
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const linesAt = async (now: Date, since: Date | null = null): Promise<SlateLine[]> => {
    const lines: SlateLine[] = [];
    for await (const line of slateLines(database, { since, now, windowMs })) lines.push(line);
    return lines;
  };
  const report = async (feedId: string, type: string, contentIds: readonly string[]): Promise<void> => {
    const input = contentIds.map((contentId) => ({
      id: `${type}-${feedId}-${contentId}`,
      contentId,
      type,
      occurredAt: start,
      feedId: type === 'IMPRESSION' ? feedId : null,
    }));
    const { data } = await feed.ask(recordInteractions, { input }, ada);
    const accepted = z.object({ recordInteractions: z.object({ accepted: z.number() }) }).parse(data);
    expect(accepted.recordInteractions.accepted).toBe(contentIds.length);
  };

  it('has every page with its slots, and what came of what was seen', { timeout: 30_000 }, async () => {
    const first = await feed.read(ada, { first: 10 });
    const second = await feed.read(ada, { first: 10, after: first.endCursor });
    const [, , third = '', , fifth = '', sixth = ''] = first.ids;
    await feed.subgraph.stop();
    await report(first.feedId, 'IMPRESSION', [third, fifth, sixth]);
    await report(first.feedId, 'SAVE', [fifth, first.ids[8] ?? '']);
    for (const consumer of feedConsumers(() => undefined)) await drainConsumer(database, consumer);

    const early = await linesAt(new Date(start.getTime() + hour));
    expect(early.map(({ firstPosition, segment }) => [firstPosition, segment])).toEqual([
      [1, '*:new'],
      [11, '*:new'],
    ]);
    const items = early.flatMap((line) => line.items);
    expect(items.map(({ contentId }) => contentId)).toEqual([...first.ids, ...second.ids]);
    expect(items.map(({ position }) => position)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    const slots = items.flatMap(({ slot, position, source }) =>
      slot === null ? [] : [{ slot, position, source }],
    );
    expect(slots.map(({ position }) => position)).toEqual([5, 7, 9, 11, 13, 15, 17, 19]);
    for (const { slot, source } of slots) {
      expect(source).toBe('EXPLORATION');
      expect(slot.propensity * slot.samples).toBeGreaterThanOrEqual(1);
      expect(slot.arms).toBeGreaterThan(1);
    }
    const outcomesOf = (lines: readonly SlateLine[]) =>
      lines.flatMap((line) =>
        line.items.map(({ outcome }) => (outcome === null ? 'unseen' : outcome.reward)),
      );
    const unseen = (count: number): string[] => Array.from({ length: count }, () => 'unseen');
    expect(outcomesOf(early)).toEqual([...unseen(2), null, 'unseen', true, null, ...unseen(14)]);
    const late = await linesAt(new Date(start.getTime() + windowMs));
    expect(outcomesOf(late)).toEqual([...unseen(2), false, 'unseen', true, false, ...unseen(14)]);
    expect(JSON.stringify(late)).not.toContain('ada');
    expect(await linesAt(start, new Date(start.getTime() + 1))).toEqual([]);
  });

  it('goes through more than it holds in memory, each once and in order', { timeout: 30_000 }, async () => {
    const since = new Date(start.getTime() + 10 * hour);
    await database.prisma.feedSlate.createMany({
      data: Array.from({ length: 1_100 }, (_, index) => ({
        feedId: `00000000-0000-4000-8000-${String(index % 400).padStart(12, '0')}`,
        firstPosition: 1 + Math.floor(index / 400),
        subject: null,
        binding: 'x',
        mode: 'SIMPLE',
        servedAt: new Date(since.getTime() + (index % 3)),
        contentIds: ['item-1'],
        sources: ['FRESH'],
        scores: [0.5],
      })),
    });
    const lines = await linesAt(since, since);
    expect(new Set(lines.map(({ feedId, firstPosition }) => `${feedId} ${firstPosition}`)).size).toBe(1_100);
    expect(lines).toHaveLength(1_100);
    const times = lines.map(({ servedAt }) => servedAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
