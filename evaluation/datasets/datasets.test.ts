import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentsTable } from '../../cli/import/tables/contents-table.ts';
import { interactionsTable } from '../../cli/import/tables/interactions-table.ts';
import type { Table } from '../../cli/import/tables/table.ts';
import { vendorsTable } from '../../cli/import/tables/vendors-table.ts';
import { defaultDataFolder, type Dataset, type ImportRow } from './dataset.ts';
import { goodbooks } from './goodbooks.ts';
import { movielens } from './movielens.ts';

/** How many rows there are, all of which the import must take. */
async function countGood<Row>(table: Table<Row>, rows: AsyncIterable<ImportRow>): Promise<number> {
  const schema = table.schema(new Date());
  let count = 0;
  for await (const row of rows) {
    schema.parse(row);
    count++;
  }
  return count;
}

async function counts(dataset: Dataset): Promise<number[]> {
  return [
    await countGood(vendorsTable, dataset.vendors()),
    await countGood(contentsTable, dataset.contents()),
    await countGood(interactionsTable, dataset.interactions()),
  ];
}

// The data is not part of the repository.
describe.skipIf(!existsSync(defaultDataFolder))(`converters, if the data is in ${defaultDataFolder}`, () => {
  it('makes every row of goodbooks importable', async () => {
    const few = [{ userId: '1', itemId: '112' }];
    expect(await counts(goodbooks(defaultDataFolder, few))).toEqual([5_833, 10_000, 1]);
  });

  it('makes every movie and like of ml-latest-small importable', async () => {
    const [vendors, contents, interactions] = await counts(movielens(defaultDataFolder));
    expect(vendors).toBeLessThan(25);
    expect([contents, interactions]).toEqual([9_125, 51_568]);
  });
});
