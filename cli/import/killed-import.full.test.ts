import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openDatabase, type Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { copyPgliteFolder } from '../../test/support/databases.ts';
import { silentDisplay } from './display.ts';
import { runImport } from './run-import.ts';

const rowCount = 40_000;

let folder = '';
let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

it('comes to the same rows after it was killed in the middle', async () => {
  folder = copyPgliteFolder();
  const files = writeFiles(folder);
  const running = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../main.ts'),
      'import',
      '--vendors',
      files.vendors,
      '--content',
      files.contents,
      '--interactions',
      files.interactions,
    ],
    { env: { ...process.env, DATA_DIR: folder, DATABASE_URL: '' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child = running;
  const exited = once(running, 'exit');
  let output = '';
  running.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await expect.poll(() => output, { timeout: 20_000 }).toContain('contents: done');
  await expect.poll(() => storedThroughSocket(folder), { timeout: 20_000, interval: 20 }).toBeGreaterThan(0);
  running.kill('SIGKILL');
  await exited;

  const database = await open(folder, false);
  try {
    const stored = await countInteractions(database);
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(rowCount);
    const notes: string[] = [];
    await runImport(database, { ...files, display: { ...silentDisplay, note: (text) => notes.push(text) } });
    expect(notes.join()).toContain('going on behind line');
    expect(await countInteractions(database)).toBe(rowCount);
    const [statistics] = await database.prisma.$queryRaw<{ saves: number }[]>`
      SELECT sum(saves)::int AS saves FROM content.content_stats`;
    expect(statistics?.saves).toBe(rowCount);
  } finally {
    await database.close();
  }
});

function writeFiles(target: string): { vendors: string; contents: string; interactions: string } {
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(target, name);
    writeFileSync(path, lines.join('\n'));
    return path;
  };
  return {
    vendors: write('vendors.csv', ['id,name,region', 'v1,Fern,US']),
    contents: write('contents.csv', [
      'id,vendorId,title,description,category,region,publishedAt',
      'c1,v1,Arch,,floristry,US,2026-05-01T12:00:00Z',
    ]),
    interactions: write('interactions.csv', [
      'id,userId,contentId,type,occurredAt',
      ...Array.from(
        { length: rowCount },
        (_, index) => `i${index},u${index % 500},c1,SAVE,2026-06-01T10:00:00Z`,
      ),
    ]),
  };
}

function open(dataDir: string, share: boolean): Promise<Database> {
  return openDatabase(
    { DATABASE_URL: undefined, DATABASE_POOL_SIZE: 2, DATA_DIR: dataDir },
    { share, logger: createLogger('silent') },
  );
}

/** Looks in through the socket of the running import. */
async function storedThroughSocket(dataDir: string): Promise<number> {
  const database = await open(dataDir, true);
  try {
    return await countInteractions(database);
  } finally {
    await database.close();
  }
}

async function countInteractions(database: Database): Promise<number> {
  return database.prisma.feedInteraction.count();
}
