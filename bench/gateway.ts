/**
 * `npm run bench:gateway [-- --quick] [-- --only overhead|attacks|respawn] [-- --attack WORDS]
 * [-- --slices N]`: what callers, limits and
 * documents cost on a request, in processor time against the bare gateway; what attacks do to the feeds of somebody else;
 * and how long two workers are one when one is killed. All against the server that `npm start` runs, in production, on
 * PGlite. `--quick` is for trying it out: its slices are too short for figures. Linux only, for the processor time of other
 * processes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scratchFolder } from '../test/support/scratch-folder.ts';
import { bootstrapInterval, type Interval } from '../evaluation/metrics/bootstrap.ts';
import { rows } from './gateway/contestants.ts';
import { fillMarketplace } from './gateway/marketplace.ts';
import { measureAttacks, type AttackSlice, type AttackTimes } from './gateway/measure-attacks.ts';
import { measureOverhead, type OverheadTimes } from './gateway/measure-overhead.ts';
import { measureRespawn, type Respawn } from './gateway/measure-respawn.ts';
import { machineLine, versionsOf } from './machine.ts';
import { quantile } from './quantiles.ts';

/**
 * The bars: ms of processor time that a request may take more, how much slower a bystander's p99 may become, and ms until a
 * worker that was killed is replaced.
 */
const bars = { overheadMs: 0.15, p99Ratio: 1.5, respawnMs: 2_000 };

const parts = ['overhead', 'attacks', 'respawn'];

const contents = 2_000;
const plans = {
  // Two kinds of requests warm up the bare gateway for 10 s together, four the whole one for 20 s.
  whole: {
    overhead: { users: 10_000, perSlice: 1_000, slices: 20, warmUpMs: 5_000, idleMs: 10_000 },
    attacks: { sliceMs: 3_000, slices: 10, warmUpMs: 12_000 },
    respawn: { kills: 10, warmUpMs: 12_000 },
  },
  quick: {
    overhead: { users: 10_000, perSlice: 500, slices: 6, warmUpMs: 3_000, idleMs: 3_000 },
    attacks: { sliceMs: 2_000, slices: 2, warmUpMs: 3_000 },
    respawn: { kills: 2, warmUpMs: 12_000 },
  },
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    attack: { type: 'string', default: '' },
    slices: { type: 'string' },
  },
});
if (values.only !== undefined && !parts.includes(values.only)) {
  process.stderr.write(`--only takes one of ${parts.join(', ')}.\n`);
  process.exit(2);
}
if (values.slices !== undefined && !/^[1-9]\d{0,2}$/.test(values.slices)) {
  process.stderr.write('--slices takes a number from 1 to 999.\n');
  process.exit(2);
}
const isWanted = (part: string): boolean => values.only === undefined || values.only === part;
const plan = values.quick ? plans.quick : plans.whole;

const folder = mkdtempSync(join(scratchFolder(), 'bouquet-bench-'));
try {
  // What else the machine does, which the bench would add to from here on.
  const [load = Number.NaN] = loadavg();
  process.stderr.write(`Generating a marketplace of ${contents} contents and training on it …\n`);
  const marketplace = await fillMarketplace(join(folder, 'template'), contents);
  process.stdout.write(
    `${[
      `Gateway in production, PGlite, ${contents.toLocaleString('en')} contents`,
      `${machineLine()} · load ${load.toFixed(1)} before the start`,
      versionsOf(['@graphql-hive/gateway-runtime', '@graphql-hive/router-runtime', 'graphql', 'jose']),
    ].join('\n')}\n`,
  );
  if (isWanted('overhead')) {
    process.stderr.write('Warming up, then measuring processor time …\n');
    reportOverhead(await measureOverhead(marketplace, folder, plan.overhead));
  }
  if (isWanted('attacks')) {
    const dataDir = join(folder, 'attacked');
    const { attacks } = plan;
    const slices = Number(values.slices ?? attacks.slices);
    reportAttacks(await measureAttacks(marketplace, dataDir, { ...attacks, slices, only: values.attack }));
  }
  if (isWanted('respawn')) {
    process.stderr.write('Killing workers …\n');
    reportRespawns(await measureRespawn(marketplace, join(folder, 'killed'), plan.respawn));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function reportOverhead(times: OverheadTimes): void {
  const of = (row: string): readonly number[] => times.rows.get(row) ?? [];
  // Whichever of the two is faster, so that no part of the difference is the bare gateway's own doing.
  const fastest = [rows.bare, rows.bareReadBefore].toSorted(
    (a, b) => quantile(of(a), 0.5) - quantile(of(b), 0.5),
  )[0];
  const overheadOf = (row: string): number[] =>
    of(row).map((ms, slice) => ms - (of(fastest ?? rows.bare)[slice] ?? Number.NaN));
  const idle = [...times.idle].map(([server, ms]) => `${server} ${ms.toFixed(0)} ms`).join(', ');
  process.stdout.write(
    `\n${[
      `Processor time of the server for one request of \`{ me { id } }\`, in ${of(rows.bare).length} slices; 16 connections`,
      `Taken off: what each server uses in a second without requests (${idle})`,
      `A token comes again after ${times.tokenAgainSeconds.toFixed(0)} s; its verification counts for 60 s`,
      '',
      '| row | p10 ms | p50 ms | p90 ms | mean ms | more than the faster bare one, p10 | p50 | p90 |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...[...times.rows].map(
        ([row, each]) =>
          `| ${row} | ${spread(each)} | ${mean(each).toFixed(3)} | ${spread(overheadOf(row))} |`,
      ),
    ].join('\n')}\n\n`,
  );
  const overhead = quantile(overheadOf(rows.user), 0.5);
  judge(
    `callers, limits and documents take under ${bars.overheadMs} ms a request with 10,000 tokens`,
    overhead < bars.overheadMs,
    `${overhead.toFixed(3)} ms`,
  );
}

function reportAttacks(times: readonly AttackTimes[]): void {
  const feeds = (slices: readonly AttackSlice[], side: keyof AttackSlice): number[] =>
    slices.flatMap((slice) => slice[side]);
  /** Over slices, which are drawn anew with both of their sides. */
  const ratio = ({ slices }: AttackTimes, side: keyof AttackSlice): Interval =>
    bootstrapInterval(
      slices,
      (drawn) => quantile(feeds(drawn, side), 0.99) / quantile(feeds(drawn, 'quiet'), 0.99),
    );
  const cells = ({ slices }: AttackTimes, side: keyof AttackSlice): string =>
    [0.5, 0.99].map((q) => quantile(feeds(slices, side), q).toFixed(1)).join(' | ');
  const told = ({ mean: all, low, high }: Interval): string =>
    `${all.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
  process.stdout.write(
    `\n${[
      'A bystander who reads a persisted feed of 20 cards every 20 ms, in turns without and with an attack',
      'Elsewhere: the attacker sends the same to an idle server on the same machine, whose work is thus its own',
      'Ratios with the 95 % bootstrap interval over the turns',
      '',
      '| attack | hostile requests | server ms for one | feeds | p50 ms | p99 ms | attacked p50 ms | p99 ms | p99 ratio | elsewhere | not answered |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...times.map(
        (row) =>
          `| ${row.group} | ${row.hostile} | ${row.cpuMs.toFixed(2)} | ${feeds(row.slices, 'attacked').length} | ${cells(row, 'quiet')} | ${cells(row, 'attacked')} | ${told(ratio(row, 'attacked'))} | ${told(ratio(row, 'elsewhere'))} | ${row.failed} |`,
      ),
    ].join('\n')}\n\n`,
  );
  for (const row of times) {
    const attacked = ratio(row, 'attacked');
    judge(
      `${row.group}: another's p99 at most ${bars.p99Ratio} × as much, and all answered`,
      attacked.mean <= bars.p99Ratio && row.failed === 0,
      `${told(attacked)}, elsewhere ${told(ratio(row, 'elsewhere'))}`,
    );
  }
}

function reportRespawns(respawns: readonly Respawn[]): void {
  const times = respawns.map(({ untilServedMs }) => untilServedMs);
  const [failed, inFlight] = [
    sum(respawns.map((one) => one.failures.length)),
    sum(respawns.map((one) => one.inFlight)),
  ];
  process.stdout.write(
    `\n${[
      `Two workers of which one is killed (SIGKILL) under load, ${respawns.length} times; 16 connections`,
      '',
      '| until the next has answered, p50 ms | worst ms | failed requests | most at once | in flight at the kills, on both |',
      '| ---: | ---: | ---: | ---: | ---: |',
      `| ${quantile(times, 0.5).toFixed(0)} | ${Math.max(...times).toFixed(0)} | ${failed} | ${Math.max(...respawns.map((one) => one.failures.length))} | ${inFlight} |`,
    ].join('\n')}\n\n`,
  );
  const reasons = new Set(respawns.flatMap((one) => one.failures));
  process.stdout.write(`Reasons: ${[...reasons].join('; ') || 'none failed'}\n\n`);
  judge(
    `a killed worker is replaced within ${bars.respawnMs} ms`,
    times.every((ms) => ms <= bars.respawnMs),
    `${Math.max(...times).toFixed(0)} ms at worst`,
  );
  judge(
    'only requests in flight fail',
    respawns.every((one) => one.failures.length <= one.inFlight),
    `${failed} of ${inFlight}`,
  );
}

function sum(each: readonly number[]): number {
  return each.reduce((total, value) => total + value, 0);
}

function spread(each: readonly number[]): string {
  return [0.1, 0.5, 0.9].map((q) => quantile(each, q).toFixed(3)).join(' | ');
}

function mean(each: readonly number[]): number {
  return sum(each) / each.length;
}

function judge(bar: string, met: boolean, figure: string): void {
  process.stdout.write(`Bar: ${bar}: ${figure}, ${met ? 'met' : 'missed'}\n`);
  if (!met) process.exitCode = 1;
}
