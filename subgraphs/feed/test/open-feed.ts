import { z } from 'zod';
import type { Caller, Scope } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import { askSubgraph, platformOn, type Answer } from '../../../test/support/subgraph.ts';
import { createFeedSubgraph, type FeedOptions } from '../index.ts';

export interface FeedUnderTest {
  readonly subgraph: Subgraph;
  /** What its process counts. */
  readonly telemetry: Telemetry;
  /** Executes an operation in a context of its own. */
  ask(source: string, variables?: Record<string, unknown>, caller?: Caller): Promise<Answer>;
  /** Reads a page that must not fail. */
  read(caller: Caller, variables?: PageVariables): Promise<Page>;
  /** Has the caller do something with each of the items, now. */
  act(caller: Caller, type: InteractionType, ...contentIds: readonly string[]): Promise<void>;
}

export interface PageVariables {
  readonly first?: number;
  readonly after?: string | null;
  readonly filter?: object;
}

/** When every suite begins. */
export const start = new Date('2026-03-01T12:00:00.000Z');

/** A time that a suite moves on by itself. */
export class TestClock {
  #now = start.getTime();

  readonly now = (): Date => new Date(this.#now);

  pass(ms: number): void {
    this.#now += ms;
  }
}

/** Long enough for a busy machine: no suite depends on how fast it is. */
export const patientDeadlines = { taste: 20_000, source: 20_000, hydrator: 20_000, total: 20_000 };

let interactions = 0;

/** The feed subgraph on `database`, for suites; its time is `start` unless a clock is given. */
export function openFeed(database: Database, options: FeedOptions = {}): FeedUnderTest {
  const clock = options.clock ?? (() => start);
  const platform = platformOn(database);
  const subgraph = createFeedSubgraph(platform, {
    deadlines: patientDeadlines,
    // Suites say what a feed has in which place; those of exploration ask for it.
    exploration: { share: 0 },
    ...options,
    clock,
  });
  const ask: FeedUnderTest['ask'] = (source, variables, caller = userOf('ada')) =>
    askSubgraph(subgraph, source, { variables, caller });
  return {
    subgraph,
    telemetry: platform.telemetry,
    ask,
    read: async (caller, variables = {}) => {
      const { data, messages } = await ask(feedQuery, { ...variables }, caller);
      if (messages.length > 0) throw new Error(messages.join(' '));
      return toPage(z.object({ feed: connectionSchema }).parse(data).feed);
    },
    act: async (caller, type, ...contentIds) => {
      const input = contentIds.map((contentId) => ({
        id: `interaction-${interactions++}`,
        contentId,
        type,
        occurredAt: clock(),
      }));
      const { data, messages } = await ask(recordInteractions, { input }, caller);
      const recorded = z.object({ recordInteractions: z.object({ accepted: z.number() }) }).safeParse(data);
      if (recorded.data?.recordInteractions.accepted !== input.length) {
        throw new Error(`Not all of ${contentIds.join()} were accepted. ${messages.join(' ')}`);
      }
    },
  };
}

/** A signed-in caller. */
export function userOf(
  userId: string,
  { region = null, scopes = [] }: { region?: string | null; scopes?: readonly Scope[] } = {},
): Caller {
  return { kind: 'user', userId, region, locale: null, key: null, scopes: new Set(scopes) };
}

/** A caller who has not signed in, and may carry an anonymous id. */
export function strangerOf(anonymousId: string | null, region: string | null = null): Caller {
  return { kind: 'anonymous', anonymousId, region, locale: null, key: null, scopes: new Set() };
}

const connectionFields = `
  edges { cursor node { content { id } position score source } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  ranking {
    feedId mode generatedAt latencyMs degraded { component cause }
    stages { stage component input output durationMs skipped } }`;

export const feedQuery = `query ($first: Int! = 20, $after: String, $filter: FeedFilter) {
  feed(first: $first, after: $after, filter: $filter) { ${connectionFields} } }`;

/** The feed of another user. */
export const userFeedQuery = `query ($id: ID!, $first: Int! = 20, $after: String) {
  user(id: $id) { feed(first: $first, after: $after) { ${connectionFields} } } }`;

export const recordInteractions = `mutation ($input: [InteractionInput!]!) {
  recordInteractions(input: $input) { accepted duplicates rejected { id code message } } }`;

export const updateProfile = `mutation ($input: ProfileInput!) {
  updateProfile(input: $input) { user { id region locale } } }`;

const traceSchema = z.object({
  stage: z.string(),
  component: z.string(),
  input: z.number(),
  output: z.number(),
  durationMs: z.number(),
  skipped: z.boolean(),
});

/** A `FeedConnection` as `connectionFields` asks for it. */
export const connectionSchema = z.object({
  edges: z.array(
    z.object({
      cursor: z.string(),
      node: z.object({
        content: z.object({ id: z.string() }),
        position: z.number(),
        score: z.number(),
        source: z.string(),
      }),
    }),
  ),
  pageInfo: z.object({
    hasNextPage: z.boolean(),
    hasPreviousPage: z.boolean(),
    startCursor: z.string().nullable(),
    endCursor: z.string().nullable(),
  }),
  ranking: z.object({
    feedId: z.string(),
    mode: z.string(),
    generatedAt: z.string(),
    latencyMs: z.number(),
    degraded: z.array(z.object({ component: z.string(), cause: z.string() })),
    stages: z.array(traceSchema).nullable(),
  }),
});

/** A page, column by column. */
export function toPage({ edges, pageInfo, ranking }: z.infer<typeof connectionSchema>) {
  return {
    ...pageInfo,
    ...ranking,
    ids: edges.map(({ node }) => node.content.id),
    positions: edges.map(({ node }) => node.position),
    scores: edges.map(({ node }) => node.score),
    sources: edges.map(({ node }) => node.source),
    cursors: edges.map(({ cursor }) => cursor),
  };
}

export type Page = ReturnType<typeof toPage>;
