import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import type { ScoringAgent } from './agents/scoring-agent.ts';
import { addPopularity } from './interactions/popularity.ts';
import { trainItemNeighbours } from './learning/train-item-neighbours.ts';
import { snapshotLifeMs } from './snapshot/feed-snapshot.ts';
import { daysAgo, entries, entry, publish } from './test/catalogue.ts';
import { clockedCaches } from './test/clocked-cache.ts';
import { catchUp } from './test/learning.ts';
import {
  openFeed,
  strangerOf,
  TestClock,
  updateProfile,
  userOf,
  type FeedUnderTest,
} from './test/open-feed.ts';
import { failures } from './test/scripted-agent.ts';

const six = ['discovery', 'quality', 'archivist', 'serendipity', 'forecaster', 'custom'];

const rejects = (): Promise<never> => Promise.reject(new Error('no'));

const itemSchema = z.object({
  score: z.number(),
  source: z.string(),
  content: z.object({ id: z.string() }),
  reason: z.object({
    kind: z.string(),
    text: z.string().min(1),
    parameters: z.array(z.object({ name: z.string(), value: z.string() })),
    contributions: z.array(z.object({ name: z.string(), value: z.number() })),
  }),
  agentScores: z
    .array(
      z.object({
        agent: z.string(),
        score: z.number(),
        weight: z.number(),
        latencyMs: z.number(),
        fallback: z.boolean(),
      }),
    )
    .nullable(),
});
const answerSchema = z.object({
  feed: z.object({
    edges: z.array(z.object({ cursor: z.string(), node: itemSchema })),
    pageInfo: z.object({ hasNextPage: z.boolean() }),
    ranking: z.object({
      mode: z.string(),
      degraded: z.array(z.object({ component: z.string(), cause: z.string() })),
      cacheHits: z.number().nullable(),
      cacheMisses: z.number().nullable(),
    }),
  }),
});

const explainedFeed = `query ($first: Int! = 20, $after: String) { feed(first: $first, after: $after) {
  edges { cursor node {
    score source content { id }
    reason { kind text parameters { name value } contributions { name value } }
    agentScores { agent score weight latencyMs fallback } } }
  pageInfo { hasNextPage }
  ranking { mode degraded { component cause } cacheHits cacheMisses } } }`;

const agentsQuery = '{ agents { name description kind subject weight deadlineMs breaker } }';

const operatorOf = (userId: string, region: string | null = null) =>
  userOf(userId, { region, scopes: ['dashboard'] });

describe.each(databases)('a feed by a panel of agents on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  const clock = new TestClock();
  /** What takes the place of an agent's score, by its name. */
  let ill = new Map<string, ScoringAgent['score']>();
  let readers = 0;

  beforeAll(async () => {
    database = await open();
    feed = openFeed(database, {
      clock: clock.now,
      caches: clockedCaches(clock.now),
      wrapAgent: (agent) => ({
        ...agent,
        // Each asks by itself, so that the breaker of an earlier test is of no account.
        breaker: () => 'CLOSED',
        score: (batch) => (ill.get(agent.name) ?? agent.score.bind(agent))(batch),
      }),
    });
    await publish(
      database,
      entries('item', 60, () => ({ region: 'AA' })),
    );
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  /** A feed that must not fail. */
  async function read(caller = operatorOf(`reader-${readers++}`), variables: Record<string, unknown> = {}) {
    const { data, messages } = await feed.ask(explainedFeed, variables, caller);
    expect(messages).toEqual([]);
    const { edges, pageInfo, ranking } = answerSchema.parse(data).feed;
    return { ...ranking, ...pageInfo, cursor: edges.at(-1)?.cursor, items: edges.map(({ node }) => node) };
  }

  async function during<T>(
    failing: Iterable<[string, ScoringAgent['score']]>,
    work: () => Promise<T>,
  ): Promise<T> {
    ill = new Map(failing);
    try {
      return await work();
    } finally {
      ill = new Map();
    }
  }

  function expectSums(items: readonly z.infer<typeof itemSchema>[]): void {
    for (const { score, reason } of items) {
      const sum = reason.contributions.reduce((total, { value }) => total + value, 0);
      expect(Math.abs(sum - score)).toBeLessThan(1e-9);
    }
  }

  it('tells what each agent gave, and why each item is there', async () => {
    const { items, ...ranking } = await read();
    expect(ranking).toMatchObject({ mode: 'MULTI_AGENT', degraded: [], cacheHits: 0, cacheMisses: 0 });
    expect(items).toHaveLength(20);
    expectSums(items);
    for (const { agentScores, reason } of items) {
      expect(agentScores?.map(({ agent }) => agent)).toEqual(six);
      expect(agentScores?.every(({ fallback }) => !fallback)).toBe(true);
      expect(agentScores?.map(({ score, weight }) => score * weight)).toEqual(
        reason.contributions.map(({ value }) => value),
      );
    }
  });

  it('goes on without any one of them, however it fails', async () => {
    const alone = six.map((name): [string, string] => [name, 'rejects']);
    const each = Object.keys(failures).map((how): [string, string] => ['archivist', how]);
    for (const [name, how] of [...alone, ...each]) {
      const act = failures[how] ?? rejects;
      const { items, mode, degraded } = await during([[name, act]], () => read());
      expect(items.length, how).toBeGreaterThanOrEqual(10);
      expect(mode).toBe('MULTI_AGENT');
      expect(degraded.map(({ component }) => component)).toEqual([name]);
      expectSums(items);
    }
  });

  it('is SIMPLE where no agent answers, by the parts of the weighted sum', async () => {
    for (const how of ['throws at once', 'gives NaN']) {
      const all = six.map((name): [string, ScoringAgent['score']] => [name, failures[how] ?? rejects]);
      const { items, mode, degraded } = await during(all, () => read());
      expect(items).toHaveLength(20);
      expect(mode).toBe('SIMPLE');
      expect(degraded.map(({ component }) => component)).toEqual(six);
      expectSums(items);
      expect(items[0]?.reason.contributions.map(({ name }) => name)).toContain('freshness');
      expect(items.every(({ agentScores }) => agentScores?.length === 0)).toBe(true);
    }
  });

  it('ends where it ends, though an agent was left out of it', async () => {
    await during([['archivist', rejects]], async () => {
      const reader = operatorOf('to-the-end');
      const first = await read(reader, { first: 50 });
      const second = await read(reader, { first: 50, after: first.cursor });
      expect([first.items.length, first.hasNextPage]).toEqual([50, true]);
      expect([second.items.length, second.hasNextPage]).toEqual([10, false]);
      expect((await read(reader, { first: 50, after: second.cursor })).items).toEqual([]);
    });
  });

  it('keeps the reason of what it has shown when it is ranked anew, and the score as one contribution', async () => {
    const reader = operatorOf('pages');
    const first = await read(reader, { first: 5 });
    const at = first.cursor;
    const second = await read(reader, { first: 5, after: at });
    clock.pass(snapshotLifeMs);
    const again = await read(reader, { first: 10, after: at });
    expect(again.items.slice(0, 5).map(({ content }) => content.id)).toEqual(
      second.items.map(({ content }) => content.id),
    );
    expectSums(again.items);
    expect(again.items[0]?.reason.contributions).toEqual([{ name: 'score', value: again.items[0]?.score }]);
    expect(again.items[0]?.agentScores).toBeNull();
    expect(again.items[5]?.reason.contributions).toHaveLength(6);
  });

  it('says in the language of the reader why', async () => {
    const reader = userOf('leser', { region: 'AA' });
    const texts = async (caller = reader) =>
      new Set((await read(caller)).items.map(({ reason }) => reason.text));
    // AA is no region of ISO 3166.
    expect(await texts()).toEqual(new Set(['Recently published.']));
    await feed.ask(updateProfile, { input: { locale: 'de-AT' } }, reader);
    expect(await texts()).toEqual(new Set(['Vor Kurzem erschienen.']));
    const french = { ...strangerOf('6f1ab3c4-0d5e-4f7a-8b9c-0123456789ab', 'AA'), locale: 'fr' };
    expect(await texts(french)).toEqual(new Set(['Publié récemment.']));
  });

  it('gives the reasons that hold', async () => {
    const old = { region: 'FR', publishedAt: daysAgo(900) };
    await publish(database, [
      ...['rose', 'peony', 'tulip', 'moss'].map((id) => entry(id, { ...old, tags: [`about-${id}`] })),
      entry('friend-1', { ...old, vendorId: 'friend' }),
      entry('pick', old),
      ...entries('old', 8, () => old),
      ...entries('news', 8, () => ({ region: 'FR' })),
    ]);
    for (const name of ['a', 'b', 'c']) {
      await feed.act(userOf(`saver-${name}`, { region: 'FR' }), 'SAVE', 'rose', 'peony', 'tulip');
    }
    await database.transaction((tx) =>
      addPopularity(
        tx,
        ['rose', 'peony', 'tulip'].map((contentId) => ({ contentId, type: 'SAVE', occurredAt: clock.now() })),
      ),
    );
    const ada = operatorOf('ada', 'FR');
    await feed.act(ada, 'LIKE', 'rose');
    await feed.ask('mutation { followVendor(vendorId: "friend") { following } }', {}, ada);
    await feed.ask(
      'mutation { setEditorialPicks(input: { region: "FR", contentIds: ["pick"] }) { picks { id } } }',
      {},
      userOf('editor', { scopes: ['catalogue'] }),
    );
    await trainItemNeighbours(database);
    await catchUp(database, feed.subgraph.everyConsumers);
    const { items } = await read(ada, { first: 100 });
    const said = new Map(items.map(({ content, reason }) => [content.id, reason]));
    expect(said.get('peony')).toMatchObject({
      kind: 'LIKED_BY_SIMILAR_PEOPLE',
      text: 'Liked by people with a taste like yours.',
      parameters: [{ name: 'category', value: 'florals' }],
    });
    expect(said.get('friend-1')).toMatchObject({ kind: 'FOLLOWED_VENDOR' });
    expect(said.get('pick')).toMatchObject({ kind: 'EDITORS_PICK' });
    expect(said.get('news-0')).toMatchObject({
      kind: 'NEW_IN_REGION',
      text: 'New in this region: France.',
      parameters: [
        { name: 'region', value: 'FR' },
        { name: 'category', value: 'florals' },
      ],
    });
    expect(said.get('old-0')).toMatchObject({ kind: 'EXPLORING' });
    const stranger = await read({ ...strangerOf(null, 'FR'), scopes: new Set(['dashboard']) });
    const impersonal = new Map(stranger.items.map(({ content, reason }) => [content.id, reason.kind]));
    expect(impersonal.get('peony')).toBe('TRENDING_IN_REGION');
  });

  it('tells the breakers of its agents to whoever asks for metrics, before any feed too', async () => {
    const { telemetry } = openFeed(database);
    const page = await telemetry.metrics.registry.metrics();
    for (const agent of six) {
      expect(page).toContain(`bouquet_agent_breaker_state{agent="${agent}",state="CLOSED"} 1`);
      expect(page).toContain(`bouquet_agent_breaker_state{agent="${agent}",state="OPEN"} 0`);
    }
  });

  it('shows its agents and what they gave to scope dashboard alone', async () => {
    const ask = (caller: ReturnType<typeof userOf>) => feed.ask(agentsQuery, {}, caller);
    const { data } = await ask(operatorOf('operator'));
    const { agents } = z
      .object({
        agents: z.array(
          z.object({ name: z.string(), kind: z.string(), weight: z.number(), breaker: z.string() }),
        ),
      })
      .parse(data);
    expect(agents.map(({ name }) => name)).toEqual(six);
    expect(agents.map(({ kind }) => kind)).toEqual([...six.slice(1).map(() => 'LOCAL'), 'CUSTOM']);
    expect(agents.every(({ weight, breaker }) => weight > 0 && breaker === 'CLOSED')).toBe(true);
    expect(await ask(userOf('somebody'))).toMatchObject({ data: { agents: null }, codes: [] });
    const { items, cacheHits, cacheMisses } = await read(userOf('somebody'));
    expect([cacheHits, cacheMisses]).toEqual([null, null]);
    expect(items.every(({ agentScores }) => agentScores === null)).toBe(true);
    expectSums(items);
  });
});
