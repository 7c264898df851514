import { maxLineBytes, type PhysicalLine } from './physical-lines.ts';

/** One record of a CSV file; `line` and `lastLine` are the physical lines that it spans. */
export type CsvRecord =
  | { readonly line: number; readonly lastLine: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly lastLine: number; readonly broken: string };

type HeldLine = Extract<PhysicalLine, { text: string }>;

/**
 * Puts physical lines together to records with the quoting of RFC 4180: line breaks may stand inside quotes, a
 * quote inside quotes is doubled.
 *
 * Why not a CSV library: to them a quote that nobody closes runs to the next quote, or to the end of the file, so
 * that one broken line costs its neighbours (csv-parse gives up, or swallows them). Here a quoted field counts as
 * closed only where a quote is followed by a comma or the end of a line, and a record of several lines only where
 * it has as many fields as the header. Otherwise the first physical line alone is rejected and reading starts again
 * at the line behind it.
 *
 * That costs linear time: a line that leaves a quote open has an odd run of quotes in it, and such a run ends the
 * look ahead of every record before it; and an open record is scanned again only when its lines have doubled.
 */
export class CsvRecordReader {
  /** How many fields a record has; null until the header, which is the first record, is known. */
  #width: number | null = null;
  #held: HeldLine[] = [];
  #heldCharacters = 0;
  #scanAt = 0;

  /** The records that are complete with these lines; what is still open waits for more. */
  push(lines: readonly PhysicalLine[]): CsvRecord[] {
    const records: CsvRecord[] = [];
    for (const line of lines) {
      if ('unreadable' in line) {
        this.#drain(records, true);
        records.push({ line: line.number, lastLine: line.number, broken: line.unreadable });
      } else if (this.#held.length === 0 && !line.text.includes('"')) {
        // Nearly every line, so it takes the short way.
        this.#emit(records, line.number, line.number, line.text.split(','));
      } else {
        this.#held.push(line);
        this.#heldCharacters += line.text.length + 1;
        if (this.#held.length >= this.#scanAt || this.#heldCharacters > maxLineBytes) {
          this.#drain(records, false);
        }
      }
    }
    return records;
  }

  /** The records that are left when no line follows. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    this.#drain(records, true);
    return records;
  }

  #drain(records: CsvRecord[], final: boolean): void {
    let start = 0;
    for (;;) {
      const first = this.#held[start];
      if (first === undefined) break;
      const scan = scanRecord(this.#held, start, this.#width);
      if (scan.kind === 'open' && !final && this.#heldCharacters <= maxLineBytes) break;
      const used = scan.kind === 'record' ? scan.lines : 1;
      if (scan.kind === 'record') {
        this.#emit(records, first.number, first.number + used - 1, scan.fields);
      } else {
        const broken = scan.kind === 'open' ? 'a quote is opened and never closed' : scan.reason;
        records.push({ line: first.number, lastLine: first.number, broken });
      }
      for (let index = start; index < start + used; index++) {
        this.#heldCharacters -= (this.#held[index]?.text.length ?? 0) + 1;
      }
      start += used;
    }
    this.#held = this.#held.slice(start);
    this.#scanAt = this.#held.length * 2;
  }

  #emit(records: CsvRecord[], line: number, lastLine: number, fields: readonly string[]): void {
    if (fields.length === 1 && fields[0] === '') return;
    this.#width ??= fields.length;
    records.push(
      fields.length === this.#width
        ? { line, lastLine, fields }
        : { line, lastLine, broken: `has ${fields.length} fields, the header has ${this.#width}` },
    );
  }
}

type Scan =
  | { readonly kind: 'record'; readonly lines: number; readonly fields: readonly string[] }
  | { readonly kind: 'open' }
  | { readonly kind: 'broken'; readonly reason: string };

const runsOn = 'a quote is opened and not closed before the next record';

/** Reads one record that begins at `lines[start]`; `open` when a quote is still open behind the last line. */
function scanRecord(lines: readonly HeldLine[], start: number, width: number | null): Scan {
  const fields: string[] = [];
  let index = start;
  let text = lines[start]?.text ?? '';
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const quoted = scanQuoted(lines, index, at + 1);
      if (quoted === null) return { kind: 'open' };
      fields.push(quoted.value);
      index = quoted.index;
      text = lines[index]?.text ?? '';
      at = quoted.at;
      if (at < text.length && text[at] !== ',')
        return { kind: 'broken', reason: 'text follows a closing quote' };
    } else {
      const comma = text.indexOf(',', at);
      const field = text.slice(at, comma === -1 ? text.length : comma);
      if (field.includes('"')) {
        return { kind: 'broken', reason: 'a quote stands inside a field that is not quoted' };
      }
      fields.push(field);
      at += field.length;
    }
    if (at >= text.length) break;
    at++;
    if (index > start && width !== null && fields.length >= width) return { kind: 'broken', reason: runsOn };
  }
  if (index > start && width !== null && fields.length !== width) return { kind: 'broken', reason: runsOn };
  return { kind: 'record', lines: index - start + 1, fields };
}

/** Reads a quoted field from behind its opening quote; returns where its closing quote ends, null if nowhere. */
function scanQuoted(
  lines: readonly HeldLine[],
  startIndex: number,
  startAt: number,
): { value: string; index: number; at: number } | null {
  let value = '';
  let at = startAt;
  for (let index = startIndex; index < lines.length; index++, at = 0) {
    const text = lines[index]?.text ?? '';
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote === -1) {
        value += `${text.slice(at)}\n`;
        break;
      }
      if (text[quote + 1] !== '"') return { value: value + text.slice(at, quote), index, at: quote + 1 };
      value += text.slice(at, quote + 1);
      at = quote + 2;
    }
  }
  return null;
}
