import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { feedConsumers } from '../consumers.ts';
import { recordInteractions } from '../interactions/record-interactions.ts';
import { SlateLog } from '../side-effects/slate-log.ts';
import { entry, publish } from '../test/catalogue.ts';
import { openFeed, start, userOf } from '../test/open-feed.ts';
import { betaMean } from './beta.ts';
import { seededRandom } from '../learning/seeded-random.ts';
import { PosteriorShelf } from './posterior-shelf.ts';

const hour = 3_600_000;
const after = (ms: number): Date => new Date(start.getTime() + ms);

/** Events wait for transactions of other suites on the same server. */
const patience = { timeout: 30_000 };

describe.each(databases)('exploration on $kind', ({ open }) => {
  let database: Database;
  let slates: SlateLog;
  beforeAll(async () => {
    database = await open();
    slates = new SlateLog(database, createLogger('silent'));
    await publish(
      database,
      Array.from({ length: 80 }, (_, index) => entry(`item-${index}`, { vendorId: `vendor-${index % 30}` })),
    );
  });
  afterAll(async () => {
    await slates.stop();
    await database.close();
  });

  const learn = async (halfLifeMs: number | null = null): Promise<void> => {
    const consumers = feedConsumers(() => undefined, { windowMs: 24 * hour, halfLifeMs });
    const rewards = consumers.find(({ name }) => name === 'feed.rewards');
    if (rewards !== undefined) await drainConsumer(database, rewards);
  };
  /** Shows `contentId` to `userId` in a feed of its own. Returns the feed's id. */
  const show = async (userId: string, contentId: string, segment: string | null): Promise<string> => {
    const feedId = randomUUID();
    await slates.append({
      feedId,
      firstPosition: 1,
      subject: userId,
      binding: 'binding',
      mode: 'SIMPLE',
      segment,
      items: [{ id: contentId, source: 'FRESH', score: 0.5, slot: null }],
      servedAt: start,
    });
    await slates.flush();
    return feedId;
  };
  const report = async (
    userId: string,
    type: InteractionType,
    contentId: string,
    { feedId = null, at = start }: { feedId?: string | null; at?: Date } = {},
  ): Promise<void> => {
    const { accepted } = await recordInteractions(
      database,
      userId,
      [{ id: randomUUID(), contentId, type, occurredAt: at, feedId, position: null, dwellMs: null }],
      { now: after(48 * hour), boundVendor: null },
    );
    expect(accepted).toBe(1);
  };
  const armOf = (segment: string, contentId: string) =>
    database.prisma.feedArm.findUnique({
      where: { segment_contentId: { segment, contentId } },
      select: { trials: true, successes: true },
    });

  it(
    'counts an impression in the segment of its slate, and its reward once, in whichever order',
    patience,
    async () => {
      const feedId = await show('ada', 'item-1', 'AT:1');
      await report('ada', 'IMPRESSION', 'item-1', { feedId });
      await learn();
      expect(await armOf('AT:1', 'item-1')).toEqual({ trials: 1, successes: 0 });
      await report('ada', 'SAVE', 'item-1', { at: after(hour) });
      await report('ada', 'INQUIRY', 'item-1', { at: after(2 * hour) });
      await learn();
      await learn();
      expect(await armOf('AT:1', 'item-1')).toEqual({ trials: 1, successes: 1 });

      const other = await show('bob', 'item-1', 'AT:1');
      await report('bob', 'SAVE', 'item-1', { at: after(hour) });
      await learn();
      await report('bob', 'IMPRESSION', 'item-1', { feedId: other });
      await learn();
      expect(await armOf('AT:1', 'item-1')).toEqual({ trials: 2, successes: 2 });
    },
  );

  it('counts no slate, no like, no late save and no save from before', patience, async () => {
    const feedId = await show('cy', 'item-2', 'AT:1');
    await learn();
    expect(await armOf('AT:1', 'item-2')).toBeNull();
    await report('cy', 'IMPRESSION', 'item-2', { feedId, at: after(hour) });
    await report('cy', 'LIKE', 'item-2', { at: after(2 * hour) });
    await report('cy', 'SAVE', 'item-2', { at: start });
    await report('cy', 'SAVE', 'item-2', { at: after(26 * hour) });
    await learn();
    expect(await armOf('AT:1', 'item-2')).toEqual({ trials: 1, successes: 0 });
  });

  it(
    "counts no impression without a feed, of another user's or of a slate without a segment",
    patience,
    async () => {
      const feedId = await show('dan', 'item-3', 'AT:1');
      await report('eve', 'IMPRESSION', 'item-3', { feedId });
      await report('dan', 'IMPRESSION', 'item-3');
      await report('dan', 'IMPRESSION', 'item-3', { feedId: await show('dan', 'item-3', null) });
      await report('dan', 'IMPRESSION', 'item-4', { feedId });
      await learn();
      expect(
        await database.prisma.feedArm.count({ where: { contentId: { in: ['item-3', 'item-4'] } } }),
      ).toBe(0);
    },
  );

  it('forgets by halves where it is told to', patience, async () => {
    const at = new Date(Date.now() - 10 * 24 * hour);
    await database.prisma.feedArm.create({
      data: { segment: 'FR:2', contentId: 'item-5', trials: 64, successes: 32, asOf: at },
    });
    const feedId = await show('flo', 'item-5', 'FR:2');
    await report('flo', 'IMPRESSION', 'item-5', { feedId });
    await learn(24 * hour);
    const arm = await armOf('FR:2', 'item-5');
    expect(arm?.trials).toBeCloseTo(1 + 64 / 2 ** 10, 2);
    expect(arm?.successes).toBeCloseTo(32 / 2 ** 10, 2);
  });

  it('reads posteriors from the arms, which an item of the same vendor starts from', patience, async () => {
    await database.prisma.feedArm.create({
      data: { segment: 'DE:1', contentId: 'item-7', trials: 400, successes: 200, asOf: start },
    });
    const shelf = new PosteriorShelf(database, createLogger('silent'), {
      halfLifeMs: null,
      clock: () => start,
    });
    expect(shelf.current).toBeNull();
    await shelf.load();
    const read = shelf.current;
    const of = (id: string, vendorId: string): number =>
      read === null ? Number.NaN : betaMean(read.of('DE:1', { id, vendorId, category: 'florals' }));
    expect(of('item-7', 'vendor-7')).toBeGreaterThan(0.4);
    expect(of('item-37', 'vendor-7')).toBeGreaterThan(of('item-38', 'vendor-8'));
    expect(read?.drawsOf('DE:1', { id: 'x', vendorId: 'v', category: 'c' }, false)).toBeNull();

    const feed = openFeed(database, { exploration: { share: 0.3 } });
    await feed.subgraph.start();
    await expect
      .poll(() => feed.telemetry.metrics.registry.metrics(), { timeout: 20_000 })
      .toMatch(
        /bouquet_exploration_arms\{segment="DE:1"\} 1\n(.*\n)*bouquet_exploration_posterior_deviation\{segment="DE:1"\} 0\.0/,
      );
    await feed.subgraph.stop();
  });

  it(
    'serves slots at known positions, logs how probable they were, and shows it to a dashboard',
    patience,
    async () => {
      await database.prisma.feedArm.deleteMany();
      const feed = openFeed(database, { exploration: { share: 0.3, uniform: seededRandom(11) } });
      await feed.subgraph.start();
      const query = `{ feed(first: 40) {
      edges { node { content { id } position source isExploration propensity } }
      ranking { feedId explorationShare stages { component output } } } }`;
      const schema = z.object({
        feed: z.object({
          edges: z.array(
            z.object({
              node: z.object({
                content: z.object({ id: z.string() }),
                position: z.number(),
                source: z.string(),
                isExploration: z.boolean(),
                propensity: z.number().nullable(),
              }),
            }),
          ),
          ranking: z.object({ feedId: z.string(), explorationShare: z.number() }),
        }),
      });
      const dashboard = userOf('gil', { scopes: ['dashboard'] });
      const { edges, ranking } = schema.parse((await feed.ask(query, {}, dashboard)).data).feed;
      const nodes = edges.map(({ node }) => node);
      const slots = nodes.filter(({ isExploration }) => isExploration);
      expect(slots.map(({ position }) => position)).toEqual([7, 10, 13, 17, 20, 23, 27, 30, 33, 37, 40]);
      expect(slots.every(({ source, propensity }) => source === 'EXPLORATION' && (propensity ?? 0) > 0)).toBe(
        true,
      );
      const ranked = nodes.filter(({ isExploration }) => !isExploration);
      expect(ranked.every(({ source, propensity }) => source !== 'EXPLORATION' && propensity === null)).toBe(
        true,
      );
      expect(new Set(nodes.map(({ content }) => content.id)).size).toBe(40);
      expect(ranking.explorationShare).toBeGreaterThan(0.1);
      expect(ranking.explorationShare).toBeLessThanOrEqual(0.3);
      const asGil = schema.parse((await feed.ask(query, {}, userOf('gil'))).data).feed;
      expect(asGil.edges.every(({ node }) => node.propensity === null)).toBe(true);

      await feed.subgraph.stop();
      const [row] = await database.prisma.feedSlate.findMany({ where: { feedId: ranking.feedId } });
      expect(row).toMatchObject({
        segment: '*:new',
        policyVersion: expect.stringContaining('beta-thompson-1:'),
      });
      expect(row?.propensities).toEqual(nodes.map(({ propensity }) => propensity ?? 0));
      expect(row?.slotSamples).toEqual(nodes.map(({ isExploration }) => (isExploration ? 256 : 0)));
    },
  );

  it('explores for nobody who has no id, and in no feed before posteriors were read', patience, async () => {
    const feed = openFeed(database, { exploration: { share: 0.3 } });
    const early = await feed.read(userOf('hal'), { first: 40 });
    expect(early.sources).not.toContain('EXPLORATION');
    await feed.subgraph.stop();
  });
});
