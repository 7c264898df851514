import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDisplay } from '../cli/import/display.ts';
import { defaultDataFolder } from './datasets/dataset.ts';
import { evaluateGoodbooks } from './evaluate-goodbooks.ts';
import { judge } from './report.ts';

// npm run evaluate [-- --data FOLDER]: progress on standard error, the report on standard output; exits with 1 when the
// feed falls short, 2 when the data is absent.

const { values } = parseArgs({ options: { data: { type: 'string', default: defaultDataFolder } } });
if (existsSync(join(values.data, 'goodbooks/saves.csv.gz'))) {
  const { text, passed } = judge(await evaluateGoodbooks(values.data, createDisplay(process.stderr)));
  process.stdout.write(`${text}\n`);
  process.exitCode = passed ? 0 : 1;
} else {
  process.stderr.write(
    `There is no goodbooks data in ${values.data}; name the folder of data sets with --data.\n`,
  );
  process.exitCode = 2;
}
