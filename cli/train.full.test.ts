import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runChild } from '../test/e2e/child-server.ts';
import { copyPgliteFolder } from '../test/support/databases.ts';

const folder = copyPgliteFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (...args: readonly string[]): Promise<{ code: number | string; output: string }> => {
  const child = runChild({ DATA_DIR: folder }, args);
  return { code: await child.ended, output: child.output() };
};

it('trains what there is, and says how much that was', async () => {
  expect(await run('import', ...writeMarketplace(folder))).toMatchObject({ code: 0 });
  const report = join(folder, 'forecaster.md');
  const trained = await run('train', '--threads', '2', '--report', report);
  expect(trained.code).toBe(0);
  expect(trained.output).toMatch(
    /Neighbours: version \d+ \(deep\), [\d,]+ items with [\d,]+ neighbours in [\d.]+ s\./,
  );
  expect(trained.output).toMatch(
    /Vectors: version \d+, [\d,]+ items by who chose them, [\d,]+ by tags and vendor/,
  );
  expect(trained.output).toMatch(/Segments: version \d+, \d+ taste clusters of 60 users in [\d.]+ s\./);
  expect(trained.output).toMatch(/Forecaster: version \d+, [\d,]+ rows of choices; .* AUC [01]\.\d{4}/);
  expect(readFileSync(report, 'utf8')).toMatch(/^# Forecaster, version \d+\n[^]*!\[.*\]\(forecaster\.svg\)/);
  expect(readFileSync(join(folder, 'forecaster.svg'), 'utf8')).toMatch(/^<svg /);
  const quick = await run('train', 'neighbours', '--quick');
  expect(quick.code).toBe(0);
  expect(quick.output).toContain('(quick)');
  expect(quick.output).not.toContain('Vectors:');
}, 120_000);

/** Writes 60 contents of two themes that 60 people save by, and returns the options that import them. */
function writeMarketplace(target: string): string[] {
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(target, name);
    writeFileSync(path, lines.join('\n'));
    return path;
  };
  const numbers = Array.from({ length: 60 }, (_, index) => index);
  const themes = ['roses', 'barns'];
  return [
    '--vendors',
    write('vendors.csv', ['id,name,region', 'v0,Fern,US', 'v1,Oak,US']),
    '--content',
    write('contents.csv', [
      'id,vendorId,title,description,category,region,tags,publishedAt',
      ...numbers.map(
        (n) =>
          `c${n},v${n % 2},Piece ${n},About ${themes[n % 2]},floristry,US,${themes[n % 2]},2026-05-01T12:00:00Z`,
      ),
    ]),
    '--interactions',
    write('interactions.csv', [
      'id,userId,contentId,type,occurredAt',
      ...numbers.flatMap((user) =>
        numbers
          .filter((n) => n % 2 === user % 2 && n % 3 !== user % 3)
          .map((n) => `s${n},u${user},c${n},SAVE,2026-06-01T10:00:00Z`),
      ),
    ]),
  ];
}

it('refuses what it cannot do with exit code 2', async () => {
  for (const args of [
    ['train', 'everything'],
    ['train', '--threads', '0'],
    ['train', '--threads', '1.5'],
    ['train', 'vectors', '--report', 'forecaster.md'],
  ]) {
    const { code, output } = await run(...args);
    expect([args, code]).toEqual([args, 2]);
    expect(output).toMatch(/^bouquet: .+\n$/);
  }
});

it('says that an index of its own needs no reindex', async () => {
  const { code, output } = await run('reindex');
  expect(code).toBe(0);
  expect(output).toContain('nothing to do');
});
