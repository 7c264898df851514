import { UsageError } from '../../command.ts';
import { CsvRecordReader, type CsvRecord } from './csv-records.ts';
import type { InputFormat } from './open-input.ts';
import type { PhysicalLine } from './physical-lines.ts';

/** A row as it stands in the file: column → string (CSV) or any JSON value (NDJSON), or why there is none. */
export type RawRow =
  | { readonly line: number; readonly lastLine: number; readonly values: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly lastLine: number; readonly broken: string };

export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Turns lines into rows, a batch per batch of lines. */
export interface RowReader {
  push(lines: readonly PhysicalLine[]): RawRow[];
  /** @throws UsageError when not even a header was there. */
  end(): RawRow[];
  /** Columns that nothing reads, known once a row has been read. */
  readonly unknownColumns: ReadonlySet<string>;
}

/** A reader for `format`; `path` is for messages. */
export function createRowReader(format: InputFormat, columns: Columns, path: string): RowReader {
  return format === 'csv' ? new CsvRowReader(columns, path) : new NdjsonRowReader(columns);
}

class CsvRowReader implements RowReader {
  readonly unknownColumns = new Set<string>();
  readonly #columns: Columns;
  readonly #path: string;
  readonly #records = new CsvRecordReader();
  /** Column and position of each known column; null until the header was read. */
  #positions: [column: string, position: number][] | null = null;

  constructor(columns: Columns, path: string) {
    this.#columns = columns;
    this.#path = path;
  }

  push(lines: readonly PhysicalLine[]): RawRow[] {
    return this.#toRows(this.#records.push(lines));
  }

  end(): RawRow[] {
    const rows = this.#toRows(this.#records.end());
    if (this.#positions === null) throw new UsageError(`${this.#path} has no header row.`);
    return rows;
  }

  #toRows(records: readonly CsvRecord[]): RawRow[] {
    const rows: RawRow[] = [];
    for (const record of records) {
      if (this.#positions === null) {
        if ('broken' in record) throw new UsageError(`${this.#path}: the header row ${record.broken}.`);
        this.#positions = this.#readHeader(record.fields);
      } else if ('broken' in record) {
        rows.push(record);
      } else {
        const values: Record<string, string> = {};
        for (const [column, position] of this.#positions) values[column] = record.fields[position] ?? '';
        rows.push({ line: record.line, lastLine: record.lastLine, values });
      }
    }
    return rows;
  }

  #readHeader(header: readonly string[]): [string, number][] {
    const names = header.map((name) => name.trim());
    const missing = this.#columns.required.filter((column) => !names.includes(column));
    if (missing.length > 0) {
      throw new UsageError(
        `${this.#path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}. ` +
          `Its header has ${names.join(', ')}.`,
      );
    }
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    if (repeated !== undefined) throw new UsageError(`${this.#path} has the column ${repeated} twice.`);
    const known = new Set([...this.#columns.required, ...this.#columns.optional]);
    for (const name of names) if (!known.has(name)) this.unknownColumns.add(name);
    return names.flatMap((name, position): [string, number][] => (known.has(name) ? [[name, position]] : []));
  }
}

/** Keeps the names of at most this many unknown keys: every line may bring others. */
const maxUnknownColumns = 20;

class NdjsonRowReader implements RowReader {
  readonly unknownColumns = new Set<string>();
  readonly #known: ReadonlySet<string>;

  constructor(columns: Columns) {
    this.#known = new Set([...columns.required, ...columns.optional]);
  }

  push(lines: readonly PhysicalLine[]): RawRow[] {
    return lines.flatMap((line): RawRow[] => {
      const at = { line: line.number, lastLine: line.number };
      if ('unreadable' in line) return [{ ...at, broken: line.unreadable }];
      if (line.text.trim() === '') return [];
      const values = parseObject(line.text);
      if (values === null) return [{ ...at, broken: 'is no JSON object' }];
      for (const key of Object.keys(values)) {
        if (!this.#known.has(key) && this.unknownColumns.size < maxUnknownColumns)
          this.unknownColumns.add(key);
      }
      return [{ ...at, values }];
    });
  }

  end(): RawRow[] {
    return [];
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return null;
  }
}
