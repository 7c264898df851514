import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../logging/logger.ts';
import { DiskCopy, type DiskCopyOptions } from './disk-copy.ts';

interface Row {
  readonly id: string;
  readonly value: number;
}

const hour = 3_600_000;
const written = Date.parse('2026-03-01T12:00:00.000Z');
const rows: readonly Row[] = Array.from({ length: 450 }, (_, value) => ({ id: `ö-${value}`, value }));

describe('a copy on disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bq-copy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (options: Partial<DiskCopyOptions<Row>> = {}): { copy: DiskCopy<Row>; warnings: object[] } => {
    const warnings: object[] = [];
    const logger = createLogger('silent');
    logger.warn = (line: object): void => void warnings.push(line);
    const row = z.strictObject({ id: z.string(), value: z.number() });
    const now = (): number => written;
    return {
      copy: new DiskCopy({ folder, name: 'things', version: 1, row, everyMs: 0, logger, now, ...options }),
      warnings,
    };
  };
  const file = (): string => join(folder, 'things.jsonl');

  it('gives back what was written, and how old that is', async () => {
    await open().copy.write(rows);
    const { copy, warnings } = open({ now: () => written + 23 * hour });
    expect(await copy.read()).toEqual({ rows, ageMs: 23 * hour });
    await copy.write([]);
    expect(await copy.read()).toEqual({ rows: [], ageMs: 0 });
    expect(warnings).toEqual([]);
    expect(readdirSync(folder)).toEqual(['things.jsonl']);
  });

  it('is nothing, and no reason to warn, before anything was written', async () => {
    const { copy, warnings } = open({ folder: join(folder, 'absent') });
    expect(await copy.read()).toBeNull();
    expect(warnings).toEqual([]);
  });

  const damages: readonly [name: string, damage: (text: string) => string][] = [
    ['is empty', () => ''],
    ['is no JSON', () => 'nonsense'],
    ['was cut within a line', (text) => text.slice(0, -30)],
    ['was cut between lines', (text) => `${text.split('\n').slice(0, 200).join('\n')}\n`],
    ['lacks a row', (text) => text.replace(/\n\{"id":"ö-7",.*/, '')],
    ['has a broken row', (text) => text.replace('"value":7}', '"value":"seven"}')],
    ['is of another kind', (text) => text.replace('"things"', '"others"')],
    ['is of another version', (text) => text.replace('"version":1', '"version":2')],
  ];
  it.each(damages)('is ignored with a warning where it %s', async (_name, damage) => {
    const { copy, warnings } = open();
    await copy.write(rows);
    const before = readFileSync(file(), 'utf8');
    const after = damage(before);
    expect(after).not.toBe(before);
    writeFileSync(file(), after);
    expect(await copy.read()).toBeNull();
    expect(warnings).toMatchObject([{ copy: 'things' }]);
    await copy.write(rows);
    expect((await copy.read())?.rows).toEqual(rows);
  });

  it.each([24 * hour + 1, -1])('is ignored with a warning at an age of %d ms', async (ageMs) => {
    await open().copy.write(rows);
    const { copy, warnings } = open({ now: () => written + ageMs });
    expect(await copy.read()).toBeNull();
    expect(warnings).toHaveLength(1);
  });

  it('is whole whenever it is read, however many write', async () => {
    const writers = Array.from({ length: 4 }, () => open().copy);
    const { copy, warnings } = open();
    await copy.write(rows);
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let turn = 0; turn < 10; turn++) {
          await writer.write(rows.slice(0, 100 * (index + 1)));
          expect((await copy.read())?.rows.length).toBeGreaterThanOrEqual(100);
        }
      }),
    );
    expect(warnings).toEqual([]);
    expect(readdirSync(folder)).toEqual(['things.jsonl']);
  });

  it('is written by one of many processes while it is young', async () => {
    const { copy } = open({ everyMs: hour });
    await open().copy.write([]);
    // What another has written may be of before this one's start.
    await copy.write(rows);
    expect((await copy.read())?.rows).toEqual(rows);
    await copy.write([]);
    expect((await copy.read())?.rows).toEqual(rows);
    utimesSync(file(), new Date(), new Date(Date.now() - hour));
    await copy.write([]);
    expect((await copy.read())?.rows).toEqual([]);
  });

  it('has no more than it may', async () => {
    const { copy } = open({ maxBytes: 3_000 });
    await copy.write(rows);
    expect(readFileSync(file()).length).toBeLessThanOrEqual(3_000);
    const kept = (await copy.read())?.rows ?? [];
    expect(kept.length).toBeGreaterThan(50);
    expect(kept).toEqual(rows.slice(0, kept.length));
    await open().copy.write(rows);
    expect(await copy.read()).toBeNull();
  });

  it('takes away what a killed process had begun, and leaves what is being written', async () => {
    const [old, young] = [`${file()}.a`, `${file()}.b`];
    for (const path of [old, young]) writeFileSync(path, 'half');
    utimesSync(old, new Date(), new Date(Date.now() - 2 * hour));
    await open().copy.write(rows);
    expect(readdirSync(folder).toSorted()).toEqual(['things.jsonl', 'things.jsonl.b']);
  });

  it('warns once where it cannot be written, and fails nobody', async () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const { copy, warnings } = open({ folder: blocked });
    await copy.write(rows);
    await copy.write(rows);
    expect(warnings).toHaveLength(1);
  });
});
