import { scopes, type Caller, type Scope } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { askSubgraph, platformOn, type Answer } from '../../../../test/support/subgraph.ts';
import { createFeedSubgraph } from '../../index.ts';

export interface FeedUnderTest {
  readonly subgraph: Subgraph;
  /** Executes an operation in a context of its own. */
  ask(
    source: string,
    caller: Caller,
    variables?: Record<string, unknown>,
  ): Promise<Pick<Answer, 'data' | 'codes'>>;
  /** Records as many interactions as there are `ids`, which are their ids; answers how many were accepted. */
  record(caller: Caller, ids: readonly string[], type?: string): Promise<unknown>;
  /** Runs the subgraph's consumers until nothing waits. */
  drain(): Promise<void>;
  /** Says in the other subgraphs' name that they keep nothing of `requestId` any more. */
  confirm(requestId: string): Promise<void>;
}

export function userCaller(userId: string, held: readonly Scope[] = []): Caller {
  return { kind: 'user', userId, region: null, locale: null, key: null, scopes: new Set(held) };
}

export function anonymousCaller(anonymousId: string | null): Caller {
  return { kind: 'anonymous', anonymousId, region: null, locale: null, key: null, scopes: new Set() };
}

/** Somebody who may do all. */
export const officer = userCaller('officer', scopes);

/** The feed subgraph over a catalogue of twenty items of two vendors. */
export async function openFeed(database: Database, clock = () => new Date()): Promise<FeedUnderTest> {
  const subgraph = createFeedSubgraph(platformOn(database), { clock, erasureWaitMs: 0 });
  const drain = async (): Promise<void> => {
    for (const consumer of subgraph.consumers) await drainConsumer(database, consumer);
  };
  await inTransactionWithEvents(database, (tx) =>
    appendEvent(tx, 'content.changed', {
      vendors: ['v0', 'v1'].map((id) => ({ id, region: 'FR' })),
      contents: Array.from({ length: 20 }, (_, index) => ({
        id: `c${index}`,
        vendorId: `v${index % 2}`,
        title: `Entry ${index}`,
        category: 'venues',
        region: 'FR',
        tags: [],
        quality: 0.5,
        publishedAt: '2026-01-01T00:00:00.000Z',
        version: 1,
      })),
    }),
  );
  await drain();
  const ask: FeedUnderTest['ask'] = async (source, caller, variables) => {
    const { data, codes } = await askSubgraph(subgraph, source, { variables, caller });
    return { data, codes };
  };
  return {
    subgraph,
    ask,
    drain,
    record: async (caller, ids, type = 'SAVE') => {
      const { data, codes } = await ask(
        'mutation ($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted } }',
        caller,
        {
          input: ids.map((id, index) => ({
            id,
            contentId: `c${index % 20}`,
            type,
            occurredAt: '2026-06-01T00:00:00.000Z',
          })),
        },
      );
      if (codes.length > 0) throw new Error(String(codes));
      const payload = data?.['recordInteractions'];
      return typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'accepted') : undefined;
    },
    confirm: async (requestId) => {
      await inTransactionWithEvents(database, async (tx) => {
        await appendEvent(tx, 'user.erasure-confirmed', { requestId, subgraph: 'metrics' });
        await appendEvent(tx, 'user.erasure-confirmed', { requestId, subgraph: 'experiments' });
      });
      await drain();
    },
  };
}
