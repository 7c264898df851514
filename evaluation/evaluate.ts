import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDisplay } from '../cli/import/display.ts';
import { barsOf } from './bars.ts';
import { defaultDataFolder } from './datasets/dataset.ts';
import { judgeMarketplace } from './forecaster/judge-marketplace.ts';
import { marketplaceBars } from './forecaster/marketplace-bars.ts';
import { reportOf } from './report/page.ts';
import { runScript } from './run-script.ts';
import { evaluateSet, type EvaluatedSet } from './sets/evaluate-set.ts';
import { coldSet, goodbooksSet } from './sets/goodbooks-sets.ts';
import { movielensSet } from './sets/movielens-set.ts';
import { setIds, type SetId, type SetResult } from './sets/set-result.ts';

const usage = `npm run evaluate [-- OPTIONS]

Measures the ranking on public data sets, beside known models, and prints the report.
Takes about a quarter of an hour on two processors. Progress goes to standard error.

  --only SET         goodbooks, movielens, cold or marketplace, the generated one; absent: all
  --skip-baselines   our own rows alone
  --data FOLDER      where the data sets are (${defaultDataFolder})
  --write            writes docs/evaluation.md and its pictures; for a whole run only
  --help             this text

Ends with 0 when every bar was met, 1 when one was missed, 2 when there is nothing to measure.
`;

const docs = join(import.meta.dirname, '../docs');
const pictureFolder = 'evaluation';

const sets: Readonly<
  Record<SetId, (data: string, options: { withBaselines: boolean }) => Promise<EvaluatedSet>>
> = { goodbooks: goodbooksSet, movielens: movielensSet, cold: coldSet };

/** Files without which a set cannot be measured. */
const files: Readonly<Record<SetId, string>> = {
  goodbooks: 'goodbooks/saves.csv.gz',
  movielens: 'ml-latest-small/ratings.csv.gz',
  cold: 'goodbooks/saves.csv.gz',
};

await runScript(main);

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2));
  if (typeof options === 'string') {
    const isHelp = options === usage;
    (isHelp ? process.stdout : process.stderr).write(options);
    return isHelp ? 0 : 2;
  }
  const { ids, withMarketplace, withBaselines, data, write } = options;
  const missing = ids.map((id) => join(data, files[id])).find((file) => !existsSync(file));
  if (missing !== undefined) {
    process.stderr.write(`There is no ${missing}; name the folder of data sets with --data.\n`);
    return 2;
  }
  const display = createDisplay(process.stderr);
  const results: SetResult[] = [];
  for (const id of ids) results.push(await evaluateSet(await sets[id](data, { withBaselines }), display));
  const marketplace = withMarketplace ? await judgeMarketplace(display) : null;
  const bars = [
    ...results.flatMap((result) => barsOf(result)),
    ...(marketplace === null ? [] : marketplaceBars(marketplace)),
  ];
  const { page, pictures } = reportOf({ results, marketplace }, bars, pictureFolder);
  process.stdout.write(page);
  if (write) {
    mkdirSync(join(docs, pictureFolder), { recursive: true });
    writeFileSync(join(docs, 'evaluation.md'), page);
    for (const [name, svg] of pictures) writeFileSync(join(docs, pictureFolder, name), svg);
  }
  return bars.every(({ met, isAim }) => met || isAim) ? 0 : 1;
}

interface Options {
  readonly ids: readonly SetId[];
  readonly withMarketplace: boolean;
  readonly withBaselines: boolean;
  readonly data: string;
  readonly write: boolean;
}

/** What the command line asks for, or what to say instead. */
function optionsOf(args: string[]): Options | string {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      'skip-baselines': { type: 'boolean', default: false },
      data: { type: 'string', default: defaultDataFolder },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return usage;
  const ids = setIds.filter((id) => values.only === undefined || id === values.only);
  const withMarketplace = values.only === undefined || values.only === 'marketplace';
  if (ids.length === 0 && !withMarketplace) {
    return `--only takes one of ${setIds.join(', ')}, marketplace.\n`;
  }
  if (values.write && (values.only !== undefined || values['skip-baselines'])) {
    return '--write needs the whole evaluation: leave --only and --skip-baselines out.\n';
  }
  return {
    ids,
    withMarketplace,
    withBaselines: !values['skip-baselines'],
    data: values.data,
    write: values.write,
  };
}
