import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../../platform/caller/caller.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Subgraph } from '../../platform/graphql/subgraph.ts';
import { seedMarketplace } from '../../cli/seed/seed-marketplace.ts';
import type { ScoringAgent } from '../../subgraphs/feed/agents/scoring-agent.ts';
import { createFeedSubgraph } from '../../subgraphs/feed/index.ts';
import { trainItemNeighbours } from '../../subgraphs/feed/learning/train-item-neighbours.ts';
import { trainItemVectors } from '../../subgraphs/feed/learning/train-item-vectors.ts';
import { failures } from '../../subgraphs/feed/test/scripted-agent.ts';
import { patientDeadlines } from '../../subgraphs/feed/test/open-feed.ts';
import { databases } from '../support/databases.ts';
import { askSubgraph, platformOn } from '../support/subgraph.ts';

const feeds = 500;
const agents = ['discovery', 'quality', 'archivist', 'serendipity', 'forecaster', 'custom'];

const query = `{ feed(first: 100) {
  edges { node { score source reason { kind text parameters { name value } contributions { name value } } } }
  ranking { mode degraded { component } } } }`;

const answerSchema = z.object({
  feed: z.object({
    edges: z.array(
      z.object({
        node: z.object({
          score: z.number(),
          source: z.string(),
          reason: z.object({
            kind: z.string(),
            text: z.string(),
            parameters: z.array(z.object({ name: z.string(), value: z.string() })),
            contributions: z.array(z.object({ name: z.string(), value: z.number() })),
          }),
        }),
      }),
    ),
    ranking: z.object({ mode: z.string(), degraded: z.array(z.object({ component: z.string() })) }),
  }),
});

describe.each(databases)('500 feeds of a marketplace on $kind', ({ open }) => {
  let database: Database;
  let subgraph: Subgraph;
  /** What takes the place of an agent's score, by its name. */
  const ill = new Map<string, ScoringAgent['score']>();

  beforeAll(async () => {
    database = await open();
    await seedMarketplace(database, {
      size: { vendors: 150, contents: 1_500, users: feeds, interactions: 20_000 },
    });
    await trainItemNeighbours(database, { threads: 2 });
    await trainItemVectors(database);
    subgraph = createFeedSubgraph(platformOn(database), {
      deadlines: patientDeadlines,
      wrapAgent: (agent) => ({
        ...agent,
        breaker: () => 'CLOSED',
        score: (batch) => (ill.get(agent.name) ?? agent.score.bind(agent))(batch),
      }),
    });
    await subgraph.start();
  }, 180_000);
  afterAll(async () => {
    await subgraph.stop();
    await database.close();
  });

  const callerOf = (user: number): Caller => ({
    kind: 'user',
    userId: `user-${user + 1}`,
    region: null,
    locale: ['en', 'de', 'fr'][user % 3] ?? null,
    key: null,
    scopes: new Set(),
  });

  async function read(user: number) {
    const { data, messages } = await askSubgraph(subgraph, query, { caller: callerOf(user) });
    expect(messages).toEqual([]);
    return answerSchema.parse(data).feed;
  }

  function expectReasons({ edges }: Awaited<ReturnType<typeof read>>): void {
    expect(edges.length).toBeGreaterThanOrEqual(10);
    for (const { node } of edges) {
      const sum = node.reason.contributions.reduce((total, { value }) => total + value, 0);
      expect(Math.abs(sum - node.score)).toBeLessThan(1e-9);
      expect(node.reason.text).toMatch(/^\p{Lu}[^.]+\.$/u);
      expect(node.reason.text).not.toMatch(/\b[A-Z]{2}\b|(?:user|vendor|content)-/);
    }
  }

  it('have contributions that add up for each item, and a sentence', async () => {
    const kinds = new Map<string, Set<string>>();
    for (let user = 0; user < feeds; user++) {
      const feed = await read(user);
      expect(feed.ranking).toEqual({ mode: 'MULTI_AGENT', degraded: [] });
      expectReasons(feed);
      for (const { node } of feed.edges) {
        const texts = kinds.get(node.reason.kind) ?? new Set();
        kinds.set(node.reason.kind, texts.add(node.reason.text));
      }
    }
    expect([...kinds.keys()]).toEqual(
      expect.arrayContaining(['SIMILAR_TO_SAVED', 'LIKED_BY_SIMILAR_PEOPLE', 'TRENDING_IN_REGION']),
    );
  }, 300_000);

  it('have them too, and items, whatever any one agent does, and all of them', async () => {
    let user = 0;
    for (const act of Object.values(failures)) {
      for (const names of [...agents.map((name) => [name]), agents]) {
        for (const name of names) ill.set(name, act);
        await askSubgraph(subgraph, 'mutation { refreshFeed { discarded } }', { caller: callerOf(user) });
        const feed = await read(user++);
        ill.clear();
        expect(feed.ranking.degraded.map(({ component }) => component)).toEqual(names);
        expect(feed.ranking.mode).toBe(names.length === 1 ? 'MULTI_AGENT' : 'SIMPLE');
        expectReasons(feed);
      }
    }
  }, 300_000);
});
