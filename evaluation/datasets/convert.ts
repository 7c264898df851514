import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataFolder, type Dataset } from './dataset.ts';
import { goodbooks } from './goodbooks.ts';
import { movielens } from './movielens.ts';
import { writeDataset } from './write-dataset.ts';

// node evaluation/datasets/convert.ts goodbooks --from ../shared/data --to /tmp/goodbooks

const datasets: Readonly<Record<string, (dataFolder: string) => Dataset>> = {
  goodbooks: (folder) => goodbooks(folder),
  'ml-latest-small': (folder) => movielens(folder),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', default: defaultDataFolder }, to: { type: 'string' } },
});
const open = datasets[positionals[0] ?? ''];
if (open === undefined || values.to === undefined) {
  process.stderr.write(`Usage: convert.ts ${Object.keys(datasets).join('|')} --to FOLDER [--from FOLDER]\n`);
  process.exitCode = 2;
} else if (existsSync(values.from)) {
  const files = await writeDataset(open(values.from), values.to);
  process.stdout.write(
    `bouquet import --vendors ${files.vendors} --content ${files.contents} --interactions ${files.interactions}\n`,
  );
} else {
  process.stderr.write(`There are no data sets in ${resolve(values.from)}; name their folder with --from.\n`);
  process.exitCode = 1;
}
