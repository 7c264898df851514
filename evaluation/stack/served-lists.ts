import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

/** What the API served to one user. */
export interface ServedFeed {
  /** In the order of the feed. */
  readonly items: readonly string[];
  readonly sources: readonly string[];
  readonly mode: string;
  /** Components that were left out or replaced. */
  readonly degraded: readonly string[];
  /** How often the API asked to try again in a moment before it gave this. */
  readonly refusals: number;
  /** Candidates that the vector index gave. */
  readonly nearest: number;
}

const feedQuery = `query EvaluatedFeed($first: Int!) {
  feed(first: $first) {
    edges { node { source content { id } } }
    ranking { mode degraded { component } stages { component output } }
  }
}`;

const feedAnswer = z.object({
  data: z.object({
    feed: z.object({
      edges: z.array(
        z.object({
          node: z.object({ source: z.string(), content: z.object({ id: z.string() }) }).nullable(),
        }),
      ),
      ranking: z.object({
        mode: z.string(),
        degraded: z.array(z.object({ component: z.string() })),
        stages: z.array(z.object({ component: z.string(), output: z.number() })),
      }),
    }),
  }),
});

/** Attempts at a feed, with a second between them. */
const attempts = 10;

/** The first page of the user's feed. Where the API asks to try again, which a busy machine brings about, it is tried again. */
export async function fetchFeed(url: string, userId: string, first: number): Promise<ServedFeed> {
  for (let refusals = 0; ; refusals++) {
    try {
      return { ...feedOf(await post(url, userId, feedQuery, { first })), refusals };
    } catch (error) {
      const mayTryAgain = error instanceof RefusedError && error.codes.has('DEPENDENCY_UNAVAILABLE');
      if (!mayTryAgain || refusals + 1 === attempts) throw error;
      await setTimeout(1_000);
    }
  }
}

function feedOf(answer: unknown): Omit<ServedFeed, 'refusals'> {
  const { data } = feedAnswer.parse(answer);
  const { mode, degraded, stages } = data.feed.ranking;
  const nodes = data.feed.edges.flatMap(({ node }) => (node === null ? [] : [node]));
  return {
    items: nodes.map(({ content }) => content.id),
    sources: nodes.map(({ source }) => source),
    mode,
    degraded: degraded.map(({ component }) => component),
    nearest: stages.find(({ component }) => component === 'nearest-source')?.output ?? 0,
  };
}

const trendingQuery = 'query EvaluatedTrending($first: Int!) { trending(first: $first) { id } }';

const trendingAnswer = z.object({ data: z.object({ trending: z.array(z.object({ id: z.string() })) }) });

/** Trending, which is the same for everybody. */
export async function fetchTrending(url: string, userId: string, first: number): Promise<string[]> {
  const { data } = trendingAnswer.parse(await post(url, userId, trendingQuery, { first }));
  return data.trending.map(({ id }) => id);
}

/** Has the user's next feed ranked anew. */
export async function refreshFeed(url: string, userId: string): Promise<void> {
  await post(url, userId, 'mutation DiscardFeed { refreshFeed { discarded } }', {});
}

async function post(url: string, userId: string, query: string, variables: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-user-id': userId },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const answer: unknown = JSON.parse(text);
  const { errors } = refusal.parse(answer);
  if (response.ok && errors === undefined) return answer;
  const codes = new Set(errors?.flatMap(({ extensions }) => extensions?.code ?? []));
  throw new RefusedError(`The API answered ${response.status}: ${text.slice(0, 500)}`, codes);
}

const refusal = z.object({
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }).optional() })).optional(),
});

/** What was asked for was not given. */
class RefusedError extends Error {
  readonly codes: ReadonlySet<string>;

  constructor(message: string, codes: ReadonlySet<string>) {
    super(message);
    this.codes = codes;
  }
}
