import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDisplay } from '../cli/import/display.ts';
import { runScript } from '../evaluation/run-script.ts';
import { machineLine, versionsOf } from './machine.ts';
import { cells, groups } from './statistics/groups.ts';
import { reportOf, withGenerated } from './statistics/report.ts';
import { runCells } from './statistics/run-cells.ts';

/** Fewer are for trying it out: a share of 5 % is then known to a third of a point, 95 times in a hundred. */
const fewestForPage = 20_000;
const page = join(import.meta.dirname, '../docs/statistics.md');

const usage = `npm run bench:statistics [-- OPTIONS]

Calibrates the statistics of experiments: simulates experiments whose truth is known and counts how often the
library is right. Seeds are fixed, so the same replications give the same figures on any machine.
Progress goes to standard error.

  --replications N   experiments for each row of a table (${fewestForPage})
  --only WORDS       the rows whose name contains WORDS, such as sequential; absent: all
  --write            writes the tables into docs/statistics.md; for all rows and ${fewestForPage} replications or more
  --help             this text

Ends with 0 when every bar was met, 1 when one was missed, 2 when an option is wrong.
`;

await runScript(main);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      replications: { type: 'string', default: String(fewestForPage) },
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const replications = Number(values.replications);
  const chosen = cells.filter(({ id }) => id.includes(values.only ?? ''));
  const problem = problemOf(replications, chosen.length, values);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    return 2;
  }

  const display = createDisplay(process.stderr);
  display.begin('Simulating', 100);
  const tallies = await runCells(chosen, replications, (share) => display.update(100 * share));
  display.end();
  const { user, system } = process.cpuUsage();
  const seconds = ((user + system) / 1e6).toFixed(0);
  const { tables, bars } = reportOf(groups, tallies, replications);
  const generated = [
    `${replications.toLocaleString('en')} replications for each row, in ${seconds} s of processor time`,
    machineLine(),
    `${versionsOf(['cephes', 'pure-rand'])}.`,
  ].join(' · ');
  process.stdout.write(`${generated}\n\n${tables}\n\n`);
  for (const { name, met } of bars) process.stdout.write(`Bar: ${name}: ${met ? 'met' : 'MISSED'}\n`);
  if (values.write)
    writeFileSync(page, withGenerated(readFileSync(page, 'utf8'), `${generated}\n\n${tables}`));
  return bars.every(({ met }) => met) ? 0 : 1;
}

function problemOf(
  replications: number,
  rows: number,
  { only, write }: { readonly only?: string | undefined; readonly write: boolean },
): string | undefined {
  if (!Number.isSafeInteger(replications) || replications < 1)
    return '--replications takes a whole number above 0.';
  if (rows === 0) return `No row has ${String(only)} in its name.`;
  if (write && (only !== undefined || replications < fewestForPage)) {
    return `--write needs all rows, and ${fewestForPage} replications or more.`;
  }
  return undefined;
}
