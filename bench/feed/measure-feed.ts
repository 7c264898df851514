import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { FeedPageDocument } from '../../schema/generated/documents.ts';
import { startChild } from '../../test/e2e/child-server.ts';
import { GraphqlClient } from '../../test/e2e/graphql-client.ts';
import { benchUsers } from './fill-for-bench.ts';

/** Milliseconds of each request, by what was asked for, and of each component of the ranking. */
export interface FeedTimes {
  readonly rows: {
    /** The least that a request takes. */
    readonly floor: number[];
    /** A feed that is ranked. */
    readonly uncached: number[];
    /** The same feed again, from its snapshot. */
    readonly snapshot: number[];
    readonly trending: number[];
  };
  readonly stages: readonly {
    readonly stage: string;
    readonly component: string;
    readonly durations: number[];
  }[];
}

const warmUpMs = 10_000;
const rounds = 2;

const stagesQuery = `query { feed(first: 20) { ranking { stages { stage component durationMs } } } }`;
const refresh = 'mutation { refreshFeed { discarded } }';

const stagesAnswer = z.object({
  feed: z.object({
    ranking: z.object({
      stages: z.array(z.object({ stage: z.string(), component: z.string(), durationMs: z.number() })),
    }),
  }),
});

/** Starts the server on a filled data folder, warms it up and measures it with one client. */
export async function measureFeed(dataDir: string): Promise<FeedTimes> {
  const server = await startChild({ DATA_DIR: dataDir });
  const client = new GraphqlClient(server.url);
  const page = (user: string): Promise<unknown> =>
    client.must(FeedPageDocument, { first: 20, after: null, filter: null }, { user });
  const userAt = (index: number): string => `user-${(index % benchUsers) + 1}`;
  const rows: FeedTimes['rows'] = { floor: [], uncached: [], snapshot: [], trending: [] };
  const stages = new Map<string, { stage: string; component: string; durations: number[] }>();
  try {
    process.stderr.write('Warming up …\n');
    const warmUntil = performance.now() + warmUpMs;
    for (let index = 0; performance.now() < warmUntil; index++) {
      await client.raw(refresh, {}, { user: userAt(index) });
      await page(userAt(index));
    }
    process.stderr.write(`Measuring the feeds of ${benchUsers} users …\n`);
    for (let index = 0; index < rounds * benchUsers; index++) {
      const user = userAt(index);
      await client.raw(refresh, {}, { user });
      // The contestants take turns, so that a slow moment of the machine hits them alike.
      rows.uncached.push(await timed(() => page(user)));
      rows.snapshot.push(await timed(() => page(user)));
      rows.trending.push(
        await timed(() => client.raw('{ trending(first: 20) { id title vendor { name } } }', {}, { user })),
      );
      rows.floor.push(await timed(() => client.raw('{ __typename }', {}, { user })));
      if (index % 4 === 0) await noteStages(user);
    }
  } finally {
    server.process.kill('SIGTERM');
    await server.ended;
  }
  return { rows, stages: [...stages.values()] };

  async function noteStages(user: string): Promise<void> {
    await client.raw(refresh, {}, { user });
    const { data } = await client.raw(stagesQuery, {}, { user });
    for (const { stage, component, durationMs } of stagesAnswer.parse(data).feed.ranking.stages) {
      const key = `${stage} ${component}`;
      const known = stages.get(key) ?? { stage, component, durations: [] };
      known.durations.push(durationMs);
      stages.set(key, known);
    }
  }
}

/** Milliseconds that `ask` takes. */
async function timed(ask: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await ask();
  return performance.now() - start;
}
