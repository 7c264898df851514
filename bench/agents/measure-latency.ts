import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { LanguageModelService } from '#platform/llm/test/language-model-service.ts';
import { startChild } from '../../test/e2e/child-server.ts';
import { GraphqlClient } from '../../test/e2e/graphql-client.ts';
import { benchUsers } from '../feed/fill-for-bench.ts';
import { modelledNames } from './recorded-traffic.ts';

/** Milliseconds of each feed, by how the model was. */
export interface LatencyTimes {
  /** There is no model, in the same minutes: what else the machine does is in here. */
  readonly local: number[];
  /** It answers in its time, and was asked. */
  readonly asked: number[];
  /** All scores were known. */
  readonly known: number[];
  /** It never answers, and its breakers are closed. */
  readonly silent: number[];
  /** The breakers are open. */
  readonly open: number[];
  /** Whether each of those feeds named the agents in `degraded`. */
  readonly named: boolean;
  /** Seconds until the breakers had opened. */
  readonly openedAfterS: number;
}

const warmUpMs = 10_000;
/** The marketplace has these and the US, where servers warm up: what is scored there is not in a feed of another region. */
const regions = ['DE', 'FR', 'GB'];
const usersOfRegion = 60;
const feedsWhenOpen = 200;
/** Two rounds of calls that are given up after 3 s open the breaker. */
const longestUntilOpenMs = 30_000;

const feedQuery = `query ($region: String!) { feed(first: 20, filter: { regions: [$region] }) {
  edges { node { content { id title category { name } vendor { name } } position score } }
  ranking { mode degraded { component cause } } } }`;
const answer = z.object({
  feed: z.object({
    edges: z.array(z.unknown()).min(1),
    ranking: z.object({
      degraded: z.array(z.object({ component: z.string(), cause: z.string() })),
    }),
  }),
});

interface Feed {
  readonly ms: number;
  /** Agents that are named, and whether all of them for an open breaker. */
  readonly named: boolean;
  readonly allOpen: boolean;
}

/** Starts servers on a filled data folder, with `service` as the model or without one, and reads feeds with one client. */
export async function measureLatency(
  dataDir: string,
  service: LanguageModelService,
  latencyMs: number,
): Promise<LatencyTimes> {
  const times = { local: timesOf(), asked: timesOf(), known: timesOf(), silent: timesOf(), open: timesOf() };
  const takesTime = { kind: 'late', delayMs: latencyMs } as const;
  const model = {
    LLM_BASE_URL: service.baseUrl,
    LLM_MODEL: 'small',
    LLM_AGENTS: modelledNames.join(),
  };
  await onServer({ DATA_DIR: dataDir }, async (read) => {
    process.stderr.write('Measuring feeds without a model …\n');
    await eachRegion(async (index, region) => {
      times.local.push((await read(index, region)).ms);
    });
  });
  service.behave(takesTime);
  await onServer({ DATA_DIR: dataDir, ...model }, async (read) => {
    process.stderr.write('Measuring feeds that the model scores …\n');
    await eachRegion(async (index, region) => {
      const before = service.requests.length;
      const { ms } = await read(index, region);
      (service.requests.length > before ? times.asked : times.known).push(ms);
    });
  });
  service.behave(takesTime);
  let [named, openedAfterS] = [true, Number.NaN];
  await onServer({ DATA_DIR: dataDir, ...model }, async (read) => {
    service.behave({ kind: 'never' });
    process.stderr.write('Measuring a model that never answers …\n');
    const start = performance.now();
    let count = 0;
    const next = (): Promise<Feed> => read(count, regions[count++ % regions.length] ?? '');
    for (let feed = await next(); !feed.allOpen; feed = await next()) {
      times.silent.push(feed.ms);
      named &&= feed.named;
      if (performance.now() - start > longestUntilOpenMs) break;
      await sleep(20);
    }
    openedAfterS = (performance.now() - start) / 1000;
    for (let index = 0; index < feedsWhenOpen; index++) {
      const feed = await next();
      times.open.push(feed.ms);
      named &&= feed.named;
    }
  });
  return { ...times, named, openedAfterS };
}

function timesOf(): number[] {
  return [];
}

async function eachRegion(work: (index: number, region: string) => Promise<void>): Promise<void> {
  for (const region of regions) {
    for (let index = 0; index < usersOfRegion; index++) await work(index, region);
  }
}

/** Gives `work` a server that is warm, and how to read a feed of a user that is ranked anew. */
async function onServer(
  environment: NodeJS.ProcessEnv,
  work: (read: (index: number, region: string) => Promise<Feed>) => Promise<void>,
): Promise<void> {
  const server = await startChild(environment);
  const client = new GraphqlClient(server.url);
  const read = async (index: number, region: string): Promise<Feed> => {
    const user = `user-${(index % benchUsers) + 1}`;
    await client.raw('mutation { refreshFeed { discarded } }', {}, { user });
    const start = performance.now();
    const { data, errors } = await client.raw(feedQuery, { region }, { user });
    const ms = performance.now() - start;
    if (data === null) throw new Error(JSON.stringify(errors));
    const { degraded } = answer.parse(data).feed.ranking;
    const causes = new Map(degraded.map(({ component, cause }) => [component, cause]));
    return {
      ms,
      named: modelledNames.every((name) => causes.has(name)),
      allOpen: modelledNames.every((name) => causes.get(name)?.includes('breaker open') === true),
    };
  };
  try {
    const warmUntil = performance.now() + warmUpMs;
    for (let index = 0; performance.now() < warmUntil; index++) await read(index, 'US');
    await work(read);
  } finally {
    server.process.kill('SIGTERM');
    await server.ended;
  }
}
