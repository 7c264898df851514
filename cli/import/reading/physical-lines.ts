import { isUtf8 } from 'node:buffer';

/** A line of the file as an editor counts it, from 1, without its line break. */
export type PhysicalLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly unreadable: string };

/** Longer lines are dropped while they stream by, never held. */
export const maxLineBytes = 1024 * 1024;

const newline = 0x0a;
const byteOrderMark = '\uFEFF';

/**
 * Splits a stream of bytes into lines, a batch per chunk of input. Line breaks are LF or CRLF. A line that is
 * longer than `maxLineBytes` or no UTF-8 comes as `unreadable` with the reason, and the next line is read as usual.
 */
export async function* physicalLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<PhysicalLine[], void, undefined> {
  const splitter = new LineSplitter();
  for await (const chunk of chunks) {
    const lines = splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last.length > 0) yield last;
}

class LineSplitter {
  #number = 0;
  #pieces: Buffer[] = [];
  #pendingBytes = 0;

  push(chunk: Buffer): PhysicalLine[] {
    const firstBreak = chunk.indexOf(newline);
    if (firstBreak === -1) {
      this.#hold(chunk);
      return [];
    }
    this.#hold(chunk.subarray(0, firstBreak));
    const lines = [this.#completeHeld()];
    const lastBreak = chunk.lastIndexOf(newline);
    if (lastBreak > firstBreak) this.#splitWhole(chunk.subarray(firstBreak + 1, lastBreak), lines);
    this.#hold(chunk.subarray(lastBreak + 1));
    return lines;
  }

  end(): PhysicalLine[] {
    return this.#pendingBytes === 0 ? [] : [this.#completeHeld()];
  }

  #hold(piece: Buffer): void {
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes > maxLineBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  #completeHeld(): PhysicalLine {
    const tooLong = this.#pendingBytes > maxLineBytes;
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pendingBytes = 0;
    return tooLong ? this.#unreadable(`is longer than ${maxLineBytes} bytes`) : this.#decode(bytes);
  }

  /** Lines that lie whole in one chunk are decoded together, which is several times as fast as one by one. */
  #splitWhole(bytes: Buffer, lines: PhysicalLine[]): void {
    if (isUtf8(bytes) && bytes.length <= maxLineBytes) {
      for (const text of bytes.toString('utf8').split('\n')) lines.push(this.#readable(text));
      return;
    }
    let start = 0;
    while (start <= bytes.length) {
      const next = bytes.indexOf(newline, start);
      const stop = next === -1 ? bytes.length : next;
      const line = bytes.subarray(start, stop);
      lines.push(
        line.length > maxLineBytes
          ? this.#unreadable(`is longer than ${maxLineBytes} bytes`)
          : this.#decode(line),
      );
      start = stop + 1;
    }
  }

  #decode(bytes: Buffer): PhysicalLine {
    return isUtf8(bytes) ? this.#readable(bytes.toString('utf8')) : this.#unreadable('is not UTF-8');
  }

  #readable(text: string): PhysicalLine {
    this.#number++;
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const marked = this.#number === 1 && whole.startsWith(byteOrderMark);
    return { number: this.#number, text: marked ? whole.slice(1) : whole };
  }

  #unreadable(reason: string): PhysicalLine {
    this.#number++;
    return { number: this.#number, unreadable: reason };
  }
}
