import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import { completedImports, emptyTables, importedRows } from '../../test/support/imported-rows.ts';
import { silentDisplay } from './display.ts';
import { runImport, type ImportOptions, type ImportResult } from './run-import.ts';

const vendors =
  'id,name,region,description,websiteUrl\nv1,Wild Fern Flowers,US,,\nv2,Oak Hall,GB,A hall,https://oak.example.com/\n';

const contents = `id,vendorId,title,description,category,region,tags,imageUrl,publishedAt
c1,v1,Blush bouquet,"Roses, ""garden"" ones
and peonies",floristry,US,roses|blush,https://images.example.com/1.jpg,2026-05-01T12:00:00Z
c2,v2,Courtyard dinner,,venues,GB,,,2026-05-02T12:00:00+02:00
c3,v1,Sage arch,For two,floristry,US,sage,,2026-05-03T12:00:00Z
`;

/** `count` saves of twenty users, each line its own interaction. */
function interactionLines(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) =>
      `i${index},u${index % 20},c${1 + (index % 3)},${index % 2 === 0 ? 'SAVE' : 'VIEW'},2026-06-01T10:00:${String(index % 60).padStart(2, '0')}Z`,
  );
}

const interactionHeader = 'id,userId,contentId,type,occurredAt';

describe.each(databases)('runImport on $kind', ({ open }) => {
  let database: Database;
  let folder: string;
  beforeAll(async () => {
    database = await open();
    folder = mkdtempSync(join(tmpdir(), 'bouquet-import-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.close();
  });
  beforeEach(() => emptyTables(database));

  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const run = (options: Partial<ImportOptions>): Promise<ImportResult> =>
    runImport(database, { display: silentDisplay, ...options });
  const catalogue = (): Pick<ImportOptions, 'vendors' | 'contents'> => ({
    vendors: file('vendors.csv', vendors),
    contents: file('contents.csv', contents),
  });

  it('stores vendors, contents and interactions, trains, and raises one event', async () => {
    const result = await run({
      ...catalogue(),
      interactions: file('saves.csv', [interactionHeader, ...interactionLines(60)].join('\n')),
    });
    expect(result).toMatchObject({
      accepted: { vendors: 2, contents: 3, interactions: 60 },
      rejected: 0,
      stoppedAt: null,
    });
    expect(result.trained?.items).toBe(3);
    const rows = await importedRows(database);
    expect(rows.contents).toEqual([
      {
        id: 'c1',
        title: 'Blush bouquet',
        description: 'Roses, "garden" ones\nand peonies',
        tags: ['roses', 'blush'],
      },
      { id: 'c2', title: 'Courtyard dinner', description: '', tags: [] },
      { id: 'c3', title: 'Sage arch', description: 'For two', tags: ['sage'] },
    ]);
    const projected = await database.prisma.feedContent.findMany({
      select: { id: true, title: true, description: true },
      orderBy: { id: 'asc' },
    });
    expect(projected).toEqual([
      { id: 'c1', title: 'Blush bouquet', description: 'Roses, "garden" ones\nand peonies' },
      { id: 'c2', title: 'Courtyard dinner', description: '' },
      { id: 'c3', title: 'Sage arch', description: 'For two' },
    ]);
    expect(rows.saves).toBe(30);
    expect(await completedImports(database)).toEqual([{ vendors: 2, contents: 3, interactions: 60 }]);
  });

  it('gives the same rows from NDJSON, gzip and columns in another order', async () => {
    await run(catalogue());
    const fromCsv = await importedRows(database);
    await emptyTables(database);
    const ndjson = [
      {
        id: 'c1',
        vendorId: 'v1',
        title: 'Blush bouquet',
        description: 'Roses, "garden" ones\nand peonies',
        category: 'floristry',
        region: 'US',
        tags: ['roses', 'blush'],
        imageUrl: 'https://images.example.com/1.jpg',
        publishedAt: '2026-05-01T12:00:00Z',
      },
      {
        id: 'c2',
        vendorId: 'v2',
        title: 'Courtyard dinner',
        description: '',
        category: 'venues',
        region: 'GB',
        publishedAt: '2026-05-02T12:00:00+02:00',
        mood: 'ignored',
      },
      {
        id: 'c3',
        vendorId: 'v1',
        title: 'Sage arch',
        description: 'For two',
        category: 'floristry',
        region: 'US',
        tags: 'sage',
        imageUrl: null,
        publishedAt: '2026-05-03T12:00:00Z',
      },
    ].map((row) => JSON.stringify(row));
    const reordered =
      'region,extra,name,id,description,websiteUrl\nUS,x,Wild Fern Flowers,v1,,\nGB,y,Oak Hall,v2,A hall,https://oak.example.com/\n';
    const notes: string[] = [];
    await run({
      vendors: file('vendors', gzipSync(reordered)),
      contents: file('contents.ndjson.gz', gzipSync(`${ndjson.join('\n')}\n`)),
      display: { ...silentDisplay, note: (text) => notes.push(text) },
    });
    expect(await importedRows(database)).toEqual(fromCsv);
    expect(notes.map((note) => note.replace(folder, ''))).toEqual([
      '/vendors: ignored the unknown column extra.',
      '/contents.ndjson.gz: ignored the unknown column mood.',
    ]);
  });

  it('gives the same rows when run twice', async () => {
    const files = {
      ...catalogue(),
      interactions: file('twice.csv', [interactionHeader, ...interactionLines(100)].join('\n')),
    };
    await run(files);
    const once = await importedRows(database);
    await run(files);
    expect(await importedRows(database)).toEqual(once);
  });

  it('rejects what breaks a rule, names line and reason, and stores the rest', async () => {
    const files = catalogue();
    const rejects = join(folder, 'rejects.csv');
    const lines = [
      interactionHeader,
      'i1,u1,c1,SAVE,2026-06-01T10:00:00Z',
      'i2,u1,"c1,SAVE,2026-06-01T10:00:00Z',
      'i3,u1,c9,SAVE,2026-06-01T10:00:00Z',
      'i4,u1,c1,ADORE,2026-06-01T10:00:00Z',
      'i5,u1,c1,SAVE,2999-01-01T00:00:00Z',
      'i6,u1,c1,SAVE,yesterday',
      'i7,u1,c1',
      `i8,${'u'.repeat(129)},c1,SAVE,2026-06-01T10:00:00Z`,
      'i9,u1,c2,SAVE,2026-06-01T10:00:00Z',
    ];
    const broken = contents
      .replace('floristry,US,sage', 'Floral Design,usa,sage')
      .replace('https://images.example.com/1.jpg', 'javascript:alert(1)')
      .replace('c2,v2', 'c2,v9');
    const result = await run({
      ...files,
      contents: file('broken.csv', broken),
      interactions: file('broken-interactions.csv', lines.join('\n')),
      rejects,
    });
    expect(result.accepted).toEqual({ vendors: 2, contents: 0, interactions: 0 });
    await run({ ...files, contents: file('again.csv', contents) });
    const second = await run({ interactions: join(folder, 'broken-interactions.csv'), rejects });
    expect(second.accepted.interactions).toBe(2);
    const report = readFileSync(rejects, 'utf8').trim().split('\n').slice(1);
    expect(report.map((line) => line.split(',')[1])).toEqual(['3', '4', '5', '6', '7', '8', '9']);
    expect(report[1]).toContain('contentId c9 is not among the contents');
    expect(result.rejections.slice(0, 3).map(({ line, reason }) => [line, reason.slice(0, 20)])).toEqual([
      [2, 'imageUrl must be an '],
      [4, 'vendorId v9 is not a'],
      [5, 'category must be a l'],
    ]);
  });

  it('stores nothing in a dry run and finds what it would reject', async () => {
    const before = await importedRows(database);
    const result = await run({
      ...catalogue(),
      interactions: file(
        'dry.csv',
        [interactionHeader, ...interactionLines(5), 'x,u1,c9,SAVE,2026-06-01T10:00:00Z'].join('\n'),
      ),
      dryRun: true,
    });
    expect(result).toMatchObject({
      accepted: { vendors: 2, contents: 3, interactions: 5 },
      rejected: 1,
      trained: null,
    });
    expect(await importedRows(database)).toEqual(before);
    expect(await completedImports(database)).toEqual([]);
  });

  it('goes on behind the last chunk after it was stopped, to the same rows and the same report', async () => {
    const lines = interactionLines(12_000);
    lines[100] = 'broken';
    lines[101] = 'i101,u1,c9,SAVE,2026-06-01T10:00:00Z';
    lines[11_000] = 'broken too';
    const files = {
      ...catalogue(),
      interactions: file('long.csv', [interactionHeader, ...lines].join('\n')),
    };
    const whole = await run(files);
    const expected = await importedRows(database);
    await emptyTables(database);
    const stopping = new AbortController();
    const display = {
      ...silentDisplay,
      update: (_done: number, rows?: number) => {
        if ((rows ?? 0) > 4_000) stopping.abort();
      },
    };
    const stopped = await run({ ...files, display, signal: stopping.signal });
    expect(stopped.stoppedAt?.line).toBeLessThan(12_000);
    expect((await importedRows(database)).interactions).toBeLessThan(12_000 - 3);
    const notes: string[] = [];
    const resumed = await run({ ...files, display: { ...silentDisplay, note: (text) => notes.push(text) } });
    expect(notes.join()).toContain(`going on behind line ${stopped.stoppedAt?.line}`);
    expect(await importedRows(database)).toEqual(expected);
    expect(resumed).toEqual(whole);
  });

  it.each([
    ['a column is missing', 'id,name\nv1,Fern\n', /lacks the column region.*Its header has id, name/],
    ['the file is empty', '', /has no header row/],
    ['a column comes twice', 'id,name,region,id\n', /has the column id twice/],
  ])('refuses the file when %s', async (_name, text, message) => {
    await expect(run({ vendors: file('refused.csv', text) })).rejects.toThrow(message);
  });

  it('says so when a gzip file is cut off, keeping what came before', async () => {
    await run(catalogue());
    const whole = gzipSync([interactionHeader, ...interactionLines(20_000)].join('\n'));
    const path = file('cut.csv.gz', whole.subarray(0, whole.length - 100));
    await expect(run({ interactions: path })).rejects.toThrow(/cut-off gzip file/);
  });

  it('rejects an overlong line without its neighbours', async () => {
    await run(catalogue());
    const [first, second, third] = interactionLines(3);
    const text = [interactionHeader, first, `x,${'y'.repeat(2_000_000)},c1,SAVE,z`, second, third].join('\n');
    const result = await run({ interactions: file('overlong.csv', text) });
    expect(result.accepted.interactions).toBe(3);
    expect(result.rejections).toMatchObject([{ line: 3, reason: 'is longer than 1048576 bytes' }]);
  });
});
