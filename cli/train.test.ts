import { rmSync } from 'node:fs';
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
  expect(await run('seed')).toMatchObject({ code: 0 });
  const trained = await run('train', '--threads', '2');
  expect(trained.code).toBe(0);
  expect(trained.output).toMatch(
    /Neighbours: version \d+ \(deep\), [\d,]+ items with [\d,]+ neighbours in [\d.]+ s\./,
  );
  expect(trained.output).toMatch(
    /Vectors: version \d+, [\d,]+ items by who chose them, [\d,]+ by tags and vendor/,
  );
  const quick = await run('train', 'neighbours', '--quick');
  expect(quick.code).toBe(0);
  expect(quick.output).toContain('(quick)');
  expect(quick.output).not.toContain('Vectors:');
}, 120_000);

it('refuses what it cannot do with exit code 2', async () => {
  for (const args of [
    ['train', 'everything'],
    ['train', '--threads', '0'],
    ['train', '--threads', '1.5'],
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
