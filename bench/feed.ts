/**
 * `npm run bench:feed [-- --contents N,N]`: latency of a personal feed of 20 cards at one client on PGlite, against the
 * server that `npm start` runs, on generated marketplaces of several sizes. Prints the comparison rows of the same run,
 * the time per stage, and how much slower the largest marketplace is than the smallest.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineLine, versionsOf } from './machine.ts';
import { fillForBench } from './feed/fill-for-bench.ts';
import { measureFeed, type FeedTimes } from './feed/measure-feed.ts';
import { quantile, quantileCells } from './quantiles.ts';

/** The bars: ms of an uncached feed with 10,000 contents, and how much slower 100,000 may be. */
const bars = { p50Ms: 25, p99Ms: 120, growth: 1.5 };

const { values } = parseArgs({ options: { contents: { type: 'string', default: '10000,100000' } } });
const sizes = values.contents.split(',').map(Number);
if (!sizes.every((size) => Number.isInteger(size) && size >= 100)) {
  process.stderr.write('--contents takes numbers of contents, 100 or more each, separated by commas.\n');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'bouquet-bench-'));
const measured: { contents: number; times: FeedTimes }[] = [];
for (const contents of sizes) {
  const dataDir = join(folder, String(contents));
  process.stderr.write(`Generating a marketplace of ${contents} contents and training on it …\n`);
  await fillForBench({ dataDir }, contents);
  measured.push({ contents, times: await measureFeed(dataDir) });
  rmSync(dataDir, { recursive: true, force: true });
}
rmSync(folder, { recursive: true, force: true });

const lines = [
  'Feed of 20 cards, one client, PGlite, generated marketplaces',
  machineLine(),
  versionsOf([
    '@graphql-hive/gateway-runtime',
    '@electric-sql/pglite',
    '@prisma/client',
    'usearch',
    'graphql',
  ]),
];
for (const { contents, times } of measured) {
  lines.push(
    '',
    `${contents.toLocaleString('en')} contents`,
    '',
    '| row | n | p50 ms | p90 ms | p99 ms | p50 to uncached |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...Object.entries(times.rows).map(([name, row]) => {
      const ratio = (quantile(row, 0.5) / quantile(times.rows.uncached, 0.5)).toFixed(2);
      return `| ${name} | ${row.length} | ${quantileCells(row).join(' | ')} | ${ratio} |`;
    }),
    '',
    '| stage | component | p50 ms | p90 ms | p99 ms |',
    '| --- | --- | ---: | ---: | ---: |',
    ...times.stages.map(
      ({ stage, component, durations }) =>
        `| ${stage} | ${component} | ${quantileCells(durations).join(' | ')} |`,
    ),
  );
}
process.stdout.write(`${lines.join('\n')}\n\n`);

const [smallest] = measured;
const largest = measured.at(-1);
if (smallest !== undefined && largest !== undefined) {
  const p50 = quantile(smallest.times.rows.uncached, 0.5);
  const p99 = quantile(smallest.times.rows.uncached, 0.99);
  const growth = quantile(largest.times.rows.uncached, 0.5) / p50;
  judge(
    `uncached p50 under ${bars.p50Ms} ms with ${smallest.contents} contents`,
    p50 < bars.p50Ms,
    `${p50.toFixed(1)} ms`,
  );
  judge(`uncached p99 under ${bars.p99Ms} ms`, p99 < bars.p99Ms, `${p99.toFixed(1)} ms`);
  judge(
    `p50 with ${largest.contents} contents at most ${bars.growth} × as much`,
    growth <= bars.growth,
    growth.toFixed(2),
  );
}

function judge(bar: string, met: boolean, figure: string): void {
  process.stdout.write(`Bar: ${bar}: ${figure}, ${met ? 'met' : 'missed'}\n`);
  if (!met) process.exitCode = 1;
}
