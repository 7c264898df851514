/**
 * `npm run bench:feed`: latency of a personal feed of 20 cards at one client on PGlite, against the server that
 * `npm start` runs, on its generated marketplace. Prints the comparison rows of the same run and the time per stage.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { FeedPageDocument } from '../schema/generated/documents.ts';
import { startChild } from '../test/e2e/child-server.ts';
import { GraphqlClient } from '../test/e2e/graphql-client.ts';
import { machineLine, versionsOf } from './machine.ts';
import { quantile, quantileCells } from './quantiles.ts';

const users = 500;
const warmUpMs = 10_000;
/** The bar for an uncached feed, in ms. */
const barP50Ms = 40;

const stagesQuery = `query { feed(first: 20) { ranking { latencyMs stages { stage component durationMs } } } }`;
const refresh = 'mutation { refreshFeed { discarded } }';

type Stage = { stage: string; component: string; durationMs: number };

const folder = mkdtempSync(join(tmpdir(), 'bouquet-bench-'));
const server = await startChild({ DATA_DIR: folder }, ['start']);
const client = new GraphqlClient(server.url);

/** Milliseconds that `ask` takes. */
async function timed(ask: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await ask();
  return performance.now() - start;
}

const page = (user: string): Promise<unknown> =>
  client.must(FeedPageDocument, { first: 20, after: null, filter: null }, { user });
const userAt = (index: number): string => `user-${(index % users) + 1}`;

process.stderr.write('Warming up …\n');
const warmUntil = performance.now() + warmUpMs;
for (let index = 0; performance.now() < warmUntil; index++) {
  await client.raw(refresh, {}, { user: userAt(index) });
  await page(userAt(index));
}

process.stderr.write(`Measuring ${users} users …\n`);
const rows = {
  floor: [] as number[],
  uncached: [] as number[],
  snapshot: [] as number[],
  trending: [] as number[],
};
const stages: Stage[][] = [];
for (let index = 0; index < users; index++) {
  const user = userAt(index);
  await client.raw(refresh, {}, { user });
  // The contestants take turns, so that a slow moment of the machine hits them alike.
  rows.uncached.push(await timed(() => page(user)));
  rows.snapshot.push(await timed(() => page(user)));
  rows.trending.push(
    await timed(() => client.raw('{ trending(first: 20) { id title vendor { name } } }', {}, { user })),
  );
  rows.floor.push(await timed(() => client.raw('{ __typename }', {}, { user })));
  if (index % 5 === 0) {
    await client.raw(refresh, {}, { user });
    const { data } = await client.raw(stagesQuery, {}, { user });
    const found: { feed: { ranking: { stages: Stage[] } } } = JSON.parse(JSON.stringify(data));
    stages.push(found.feed.ranking.stages);
  }
}
server.process.kill('SIGTERM');
await server.ended;
rmSync(folder, { recursive: true, force: true });

const lines = [
  'Feed of 20 cards, one client, PGlite, generated marketplace (3,000 contents, 500 users)',
  machineLine(),
  versionsOf(['@graphql-hive/gateway-runtime', '@electric-sql/pglite', '@prisma/client', 'graphql']),
  '',
  '| row | n | p50 ms | p90 ms | p99 ms | p50 to uncached |',
  '| --- | ---: | ---: | ---: | ---: | ---: |',
  ...Object.entries(rows).map(([name, values]) => {
    const ratio = (quantile(values, 0.5) / quantile(rows.uncached, 0.5)).toFixed(2);
    return `| ${name} | ${values.length} | ${quantileCells(values).join(' | ')} | ${ratio} |`;
  }),
  '',
  '| stage | component | p50 ms | p90 ms | p99 ms |',
  '| --- | --- | ---: | ---: | ---: |',
  ...(stages[0] ?? []).map(({ stage, component }) => {
    const values = stages.flatMap((trace) =>
      trace
        .filter((entry) => entry.stage === stage && entry.component === component)
        .map((entry) => entry.durationMs),
    );
    return `| ${stage} | ${component} | ${quantileCells(values).join(' | ')} |`;
  }),
];
process.stdout.write(`${lines.join('\n')}\n`);
const p50 = quantile(rows.uncached, 0.5);
const met = p50 < barP50Ms;
process.stdout.write(
  `\nBar: uncached p50 under ${barP50Ms} ms: ${p50.toFixed(1)} ms, ${met ? 'met' : 'missed'}\n`,
);
process.exitCode = met ? 0 : 1;
