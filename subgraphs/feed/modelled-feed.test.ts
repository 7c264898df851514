import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { openAiLanguageModel } from '#platform/llm/openai-language-model.ts';
import {
  startLanguageModelService,
  type LanguageModelService,
} from '#platform/llm/test/language-model-service.ts';
import { databases } from '../../test/support/databases.ts';
import type { LanguageModelUse } from './agents/remote/with-language-model.ts';
import { askedItems } from './agents/remote/test/scoring-answers.ts';
import { entries, entry, publish } from './test/catalogue.ts';
import { openFeed, userOf, type FeedUnderTest } from './test/open-feed.ts';
import { catchUp, choose } from './test/learning.ts';
import { serveVersion } from './learning/model-version.ts';
import { encodeVector } from './learning/vector-bytes.ts';
import { storeVectors } from './learning/vector-store.ts';

const scoresQuery = `{ feed(first: 3) {
  edges { node { content { id } agentScores { agent score fallback } } }
  ranking { mode degraded { component cause } } } }`;

const answer = z.object({
  feed: z.object({
    edges: z.array(
      z.object({
        node: z.object({
          content: z.object({ id: z.string() }),
          agentScores: z.array(z.object({ agent: z.string(), score: z.number(), fallback: z.boolean() })),
        }),
      }),
    ),
    ranking: z.object({
      mode: z.string(),
      degraded: z.array(z.object({ component: z.string(), cause: z.string() })),
    }),
  }),
});

/** Somebody who may see scores. */
const reader = userOf('ada', { scopes: ['dashboard'] });

describe.each(databases)('a feed that a language model scores on $kind', ({ open }) => {
  let database: Database;
  let service: LanguageModelService;
  let scoreOf: (title: string) => number;
  beforeAll(async () => {
    database = await open();
    await publish(database, entries('item', 30));
    service = await startLanguageModelService((request) => ({
      scores: askedItems(request).map(({ id, title }) => ({ id, score: scoreOf(title) })),
    }));
  });
  afterAll(async () => {
    await service.close();
    await database.close();
  });
  beforeEach(() => {
    service.behave({ kind: 'well' });
    scoreOf = () => 0.5;
  });

  const feedWith = (overrides: Partial<LanguageModelUse> = {}): FeedUnderTest =>
    openFeed(database, {
      languageModel: {
        model: openAiLanguageModel({ baseUrl: service.baseUrl, model: 'small' }),
        agents: ['discovery', 'quality', 'archivist', 'serendipity'],
        customPrompt: null,
        scores: null,
        patienceMs: 20_000,
        leastResiduals: 0,
        ...overrides,
      },
    });
  const read = async (feed: FeedUnderTest): Promise<z.infer<typeof answer>['feed']> => {
    const { data } = await feed.ask(scoresQuery, {}, reader);
    return answer.parse(data).feed;
  };

  it('is ordered by what the model says, three calls for the 30 items of each agent', async () => {
    scoreOf = (title) => (title === 'Entry item-17' ? 0.9 : Number(title.replace(/\D+/, '')) / 100);
    const { edges, ranking } = await read(feedWith());
    expect(edges[0]?.node.content.id).toBe('item-17');
    expect(edges[0]?.node.agentScores).toEqual(
      expect.arrayContaining([{ agent: 'quality', score: 0.9, fallback: false }]),
    );
    expect(ranking).toEqual({ mode: 'MULTI_AGENT', degraded: [] });
    const calls = Map.groupBy(service.requests, ({ name }) => name);
    expect([...calls].map(([name, requests]) => [name, requests.length])).toEqual(
      expect.arrayContaining(['discovery', 'quality', 'archivist', 'serendipity'].map((name) => [name, 3])),
    );
    expect(calls.size).toBe(4);
  });

  it('has local scores where the model fails, and names the agents', async () => {
    service.behave({ kind: 'prose' });
    const { edges, ranking } = await read(feedWith({ agents: ['quality'] }));
    expect(ranking).toEqual({
      mode: 'MULTI_AGENT',
      degraded: [{ component: 'quality', cause: '30 of 30 scored locally: no usable answer' }],
    });
    expect(edges[0]?.node.agentScores).toEqual(
      expect.arrayContaining([{ agent: 'quality', score: 0.5, fallback: true }]),
    );
  });

  it('asks the model what the operator wants to know', async () => {
    await read(feedWith({ agents: [], customPrompt: 'Score how blue it is.' }));
    expect(new Set(service.requests.map(({ name }) => name))).toEqual(new Set(['custom']));
    expect(service.requests[0]?.system).toContain('Score how blue it is.');
  });

  it('tells the model what a segment likes, and of no user', async () => {
    const centroid = encodeVector(Float32Array.from([1, 0]));
    await publish(
      database,
      entries('barn', 20, () => ({ category: 'venues', tags: ['rustic'] })),
    );
    const ids = Array.from({ length: 20 }, (_, index) => `barn-${index}`);
    await database.transaction(async (tx) => {
      await storeVectors(
        tx,
        1,
        ids.map((id) => ({ id, vector: Float32Array.from([1, 0]) })),
        true,
      );
      await serveVersion(tx, 'item-vectors', { version: 1, positives: 0n, method: 'deep' });
      await tx.feedTagWeight.create({ data: { tag: 'rustic', idf: 2 } });
      await tx.feedTasteCluster.create({
        data: { version: 1, cluster: 4, vectorsVersion: 1, users: 20, centroid, anchors: ids },
      });
      await serveVersion(tx, 'taste-clusters', { version: 1, positives: 0n, method: 'deep' });
      await appendEvent(tx, 'model.trained', { name: 'taste-clusters', version: 1 });
    });
    await choose(database, 'grace', ids.slice(0, 5));
    const feed = feedWith({ agents: ['archivist'] });
    await catchUp(
      database,
      feed.subgraph.everyConsumers?.filter(({ name }) => name === 'feed.models'),
    );
    await feed.ask(scoresQuery, {}, userOf('grace'));
    const readers = new Set(service.requests.flatMap(askedItems).map((item) => item.readers));
    expect(readers).toEqual(new Set(['readers of any region who like venues, rustic']));
    expect(JSON.stringify(service.requests)).not.toContain('grace');
  });

  it('asks anew about the quality of what has changed', async () => {
    const feed = feedWith({ agents: ['quality'] });
    await read(feed);
    const changed = entry('item-3', { title: 'Anew', description: 'Blue.', version: 2 });
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'content.changed', { contents: [changed], vendors: [] }),
    );
    await catchUp(
      database,
      feed.subgraph.everyConsumers?.filter(({ name }) => name === 'feed.item-texts'),
    );
    service.behave({ kind: 'well' });
    await feed.ask('mutation { refreshFeed { discarded } }', {}, reader);
    await read(feed);
    expect(service.requests.flatMap(askedItems).map(({ title }) => title)).toEqual(['Anew']);
  });
});
