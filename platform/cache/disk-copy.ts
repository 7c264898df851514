import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../logging/logger.ts';
import { TimeSlice } from '../resilience/time-slice.ts';

export interface DiskCopyOptions<T> {
  /** Where copies lie; made where it is absent. */
  readonly folder: string;
  /** Names the file, and is one of a fixed few. */
  readonly name: string;
  /** Goes up with the form of the rows: a copy of another version is ignored. */
  readonly version: number;
  /** A row as JSON has it. */
  readonly row: z.ZodType<T>;
  /** After its first, a process leaves a copy alone that is younger than this, perhaps another's; in ms. */
  readonly everyMs: number;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Rows beyond so many bytes are left out, and a larger file is ignored. */
  readonly maxBytes?: number;
}

/** What a copy holds. */
export interface CopiedRows<T> {
  readonly rows: readonly T[];
  /** How long ago they were written, in ms. */
  readonly ageMs: number;
}

/** Older copies are ignored, in ms. */
const maxAgeMs = 24 * 3_600_000;

/** What a process that was killed has begun to write is removed after this long, in ms. */
const draftLifeMs = 3_600_000;

const usualMaxBytes = 32 * 1024 * 1024;

/** Rows that are written at a time: some 100 KB. */
const rowsAtATime = 200;

const endSchema = z.strictObject({ rows: z.int() });

/**
 * Rows that a process has in memory, on disk too, so that the next one begins with them where the database is away. Several
 * processes may share the folder: each writes a file of its own and renames it. The file has a line of JSON for its head,
 * one for each row, and one for its end. Reading and writing give way to other work, and never throw.
 */
export class DiskCopy<T> {
  readonly #options: DiskCopyOptions<T>;
  readonly #path: string;
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #headSchema;
  #hasWritten = false;
  #failing = false;

  constructor(options: DiskCopyOptions<T>) {
    const { folder, name, version, now = Date.now, maxBytes = usualMaxBytes } = options;
    this.#options = options;
    this.#path = join(folder, `${name}.jsonl`);
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#headSchema = z.strictObject({
      name: z.literal(name),
      version: z.literal(version),
      writtenAt: z.iso.datetime(),
    });
  }

  /** The rows; null where there is no copy, and, with a warning, where it is broken, of another version or a day old. */
  async read(): Promise<CopiedRows<T> | null> {
    const { name, logger } = this.#options;
    try {
      return await this.#read();
    } catch (error) {
      if (!isMissing(error)) logger.warn({ err: error, copy: name }, 'a copy on disk cannot be used');
      return null;
    }
  }

  /** Replaces the copy, unless it is young and this process has written one. The first failure of several in a row is logged. */
  async write(rows: readonly T[]): Promise<void> {
    const { name, logger } = this.#options;
    try {
      if (!this.#hasWritten || !(await this.#isYoung())) await this.#replace(rows);
      this.#hasWritten = true;
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) logger.warn({ err: error, copy: name }, 'a copy was not written to disk');
      this.#failing = true;
    }
  }

  async #read(): Promise<CopiedRows<T>> {
    if ((await stat(this.#path)).size > this.#maxBytes) throw new Error('It is too large.');
    const lines = (await readFile(this.#path, 'utf8')).split('\n');
    // The text ends with a line feed.
    const [head = '', end = ''] = [lines.shift(), lines.splice(-2)[0]];
    const { writtenAt } = this.#headSchema.parse(JSON.parse(head));
    const ageMs = this.#now() - Date.parse(writtenAt);
    if (ageMs < 0 || ageMs > maxAgeMs) throw new Error('It is not of the last 24 hours.');
    if (endSchema.parse(JSON.parse(end)).rows !== lines.length) throw new Error('Rows are missing.');
    const slice = new TimeSlice();
    const rows: T[] = [];
    for (const line of lines) {
      if (slice.due()) await slice.pause();
      rows.push(this.#options.row.parse(JSON.parse(line)));
    }
    return { rows, ageMs };
  }

  async #isYoung(): Promise<boolean> {
    try {
      const ageMs = Date.now() - (await stat(this.#path)).mtimeMs;
      return ageMs >= 0 && ageMs < this.#options.everyMs;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async #replace(rows: readonly T[]): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    const draft = `${this.#path}.${randomUUID()}`;
    try {
      await this.#writeTo(draft, rows);
      await rename(draft, this.#path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await this.#removeOldDrafts();
  }

  async #writeTo(path: string, rows: readonly T[]): Promise<void> {
    const { name, version } = this.#options;
    const file = await open(path, 'wx', 0o600);
    try {
      const head = { name, version, writtenAt: new Date(this.#now()).toISOString() };
      await file.appendFile(`${JSON.stringify(head)}\n`);
      // Room for the head and the end.
      let left = this.#maxBytes - 1_000;
      let written = 0;
      for (let first = 0; first < rows.length && left > 0; first += rowsAtATime) {
        const lines: string[] = [];
        for (const row of rows.slice(first, first + rowsAtATime)) {
          const line = `${JSON.stringify(row)}\n`;
          left -= Buffer.byteLength(line);
          if (left <= 0) break;
          lines.push(line);
        }
        written += lines.length;
        await file.appendFile(lines.join(''));
      }
      await file.appendFile(`${JSON.stringify({ rows: written })}\n`);
    } finally {
      await file.close();
    }
  }

  async #removeOldDrafts(): Promise<void> {
    const { folder } = this.#options;
    for (const entry of await readdir(folder)) {
      if (!entry.startsWith(`${basename(this.#path)}.`)) continue;
      const path = join(folder, entry);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (Date.now() - mtimeMs > draftLifeMs) await rm(path, { force: true });
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
