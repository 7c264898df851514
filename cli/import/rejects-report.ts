import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { UsageError } from '../command.ts';
import type { Rejection } from './row-chunks.ts';

export interface ReportedRejection extends Rejection {
  readonly path: string;
}

/** How many rejections are kept for the terminal. */
const sampleSize = 10;

/** Counts rejected lines, keeps the first few, and writes all of them to a CSV file where one is named. */
export class RejectsReport {
  readonly sample: ReportedRejection[] = [];
  readonly #file: WriteStream | null;
  #count = 0;

  private constructor(file: WriteStream | null) {
    this.#file = file;
  }

  /** @throws UsageError when the file cannot be written. */
  static async open(path: string | null): Promise<RejectsReport> {
    if (path === null) return new RejectsReport(null);
    const file = createWriteStream(path);
    try {
      await once(file, 'open');
    } catch (error) {
      throw new UsageError(
        `${path} cannot be written (${error instanceof Error ? error.message : 'unknown'}).`,
      );
    }
    file.write('file,line,reason\n');
    return new RejectsReport(file);
  }

  get count(): number {
    return this.#count;
  }

  /** Resolves when the file has taken them. */
  async add(path: string, rejections: readonly Rejection[]): Promise<void> {
    if (rejections.length === 0) return;
    this.#count += rejections.length;
    for (const rejection of rejections.slice(0, sampleSize - this.sample.length)) {
      this.sample.push({ path, ...rejection });
    }
    const text = rejections
      .map(({ line, reason }) => `${csvField(path)},${line},${csvField(reason)}\n`)
      .join('');
    if (this.#file !== null && !this.#file.write(text)) await once(this.#file, 'drain');
  }

  async close(): Promise<void> {
    if (this.#file === null) return;
    this.#file.end();
    await once(this.#file, 'close');
  }
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
