import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import { silentDisplay } from '../import/display.ts';
import { runImport } from '../import/run-import.ts';
import { seedMarketplace } from './seed-marketplace.ts';

const size = { vendors: 40, contents: 2_200, users: 60, interactions: 12_000 };

describe.each(databases)('seedMarketplace on $kind', ({ open }) => {
  let database: Database | undefined;
  afterEach(() => database?.close());

  it('is completed after an interruption, without doubling, and done once', async () => {
    database = await open();
    const interrupted = seedMarketplace(database, {
      size,
      onProgress: (done) => {
        if (done === 5) throw new Error('interrupted');
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    const half = await countRows(database);
    expect(half.interactions).toBeGreaterThan(0);
    expect(half.interactions).toBeLessThan(size.interactions);
    expect(await seedMarketplace(database, { size })).toMatchObject({ seeded: true });
    const whole = await countRows(database);
    expect(whole).toMatchObject({
      vendors: size.vendors,
      contents: size.contents,
      projected: size.contents,
      withTexts: size.contents,
      interactions: size.interactions,
      events: 1,
    });
    expect(whole.counted).toBe(size.interactions);
    expect(whole.neighbours).toBeGreaterThan(300);
    expect(await seedMarketplace(database, { size })).toMatchObject({ seeded: false });
    expect(await countRows(database)).toEqual(whole);
  });

  it('leaves a database with content alone', async () => {
    database = await open();
    await database.pool.query(
      `INSERT INTO content.vendor (id, name, region, version) VALUES ('v1', 'Fern', 'US', 1)`,
    );
    expect(await seedMarketplace(database)).toMatchObject({ seeded: false });
    expect(await countRows(database)).toMatchObject({ vendors: 1, contents: 0 });
  });

  it('leaves a database alone that an import has begun to fill', async () => {
    database = await open();
    const folder = mkdtempSync(join(tmpdir(), 'bouquet-seed-'));
    const path = join(folder, 'vendors.csv');
    writeFileSync(path, 'id,name,region\n');
    await runImport(database, { vendors: path, display: silentDisplay });
    rmSync(folder, { recursive: true });
    expect(await seedMarketplace(database)).toMatchObject({ seeded: false });
  });
});

interface Counts {
  readonly vendors: number;
  readonly contents: number;
  readonly projected: number;
  readonly withTexts: number;
  readonly interactions: number;
  /** Of any type, in content's statistics. */
  readonly counted: number;
  /** Items that have a list of neighbours. */
  readonly neighbours: number;
  /** That an import was completed. */
  readonly events: number;
}

async function countRows(database: Database): Promise<Counts> {
  const [row] = await database.prisma.$queryRaw<Counts[]>`
    SELECT (SELECT count(*)::int FROM content.vendor) AS vendors,
      (SELECT count(*)::int FROM content.content) AS contents,
      (SELECT count(*)::int FROM feed.content) AS projected,
      (SELECT count(*)::int FROM feed.content f JOIN content.content c ON c.id = f.id
        AND c.title = f.title AND c.description = f.description) AS "withTexts",
      (SELECT count(*)::int FROM feed.interaction) AS interactions,
      (SELECT coalesce(sum(impressions + views + clicks + likes + saves + shares + inquiries + hides), 0)::int
        FROM content.content_stats) AS counted,
      (SELECT coalesce(sum(cardinality(content_ids)), 0)::int FROM feed.item_neighbours) AS neighbours,
      (SELECT count(*)::int FROM events.outbox WHERE type = 'import.completed') AS events`;
  if (row === undefined) throw new Error('A count has no row.');
  return row;
}
