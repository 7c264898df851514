import { z } from 'zod';

/** What the API served to one user. */
export interface ServedFeed {
  /** In the order of the feed. */
  readonly items: readonly string[];
  readonly sources: readonly string[];
  readonly mode: string;
  /** Components that were left out or replaced. */
  readonly degraded: readonly string[];
}

const feedQuery = `query EvaluatedFeed($first: Int!) {
  feed(first: $first) {
    edges { node { source content { id } } }
    ranking { mode degraded { component } }
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
      ranking: z.object({ mode: z.string(), degraded: z.array(z.object({ component: z.string() })) }),
    }),
  }),
});

/** The first page of the user's feed. */
export async function fetchFeed(url: string, userId: string, first: number): Promise<ServedFeed> {
  const { data } = feedAnswer.parse(await post(url, userId, feedQuery, { first }));
  const nodes = data.feed.edges.flatMap(({ node }) => (node === null ? [] : [node]));
  return {
    items: nodes.map(({ content }) => content.id),
    sources: nodes.map(({ source }) => source),
    mode: data.feed.ranking.mode,
    degraded: data.feed.ranking.degraded.map(({ component }) => component),
  };
}

const trendingQuery = 'query EvaluatedTrending($first: Int!) { trending(first: $first) { id } }';

const trendingAnswer = z.object({ data: z.object({ trending: z.array(z.object({ id: z.string() })) }) });

/** Trending, which is the same for everybody. */
export async function fetchTrending(url: string, userId: string, first: number): Promise<string[]> {
  const { data } = trendingAnswer.parse(await post(url, userId, trendingQuery, { first }));
  return data.trending.map(({ id }) => id);
}

async function post(url: string, userId: string, query: string, variables: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-user-id': userId },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const answer: unknown = JSON.parse(text);
  const { errors } = z.object({ errors: z.array(z.unknown()).optional() }).parse(answer);
  if (!response.ok || errors !== undefined) {
    throw new Error(`The API answered ${response.status}: ${text.slice(0, 500)}`);
  }
  return answer;
}
