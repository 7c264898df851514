import { inputBytes, type Input } from './reading/open-input.ts';
import { physicalLines } from './reading/physical-lines.ts';
import { createRowReader, type RawRow } from './reading/table-rows.ts';
import { explain } from './tables/fields.ts';
import type { Table } from './tables/table.ts';

export interface Rejection {
  /** The first physical line of the row, counted from 1. */
  readonly line: number;
  readonly reason: string;
}

/** Rows for one transaction, with the lines between them that were rejected. */
export interface RowChunk<Row> {
  readonly rows: readonly { readonly line: number; readonly row: Row }[];
  readonly rejections: readonly Rejection[];
  /** Everything up to this line is in this chunk or an earlier one. */
  readonly lastLine: number;
}

export interface ReadOptions {
  readonly now: Date;
  /** Rows of the next chunk at most; asked for each chunk. */
  readonly chunkRows: () => number;
  /** Hears how many bytes of the file have been read. */
  readonly onRead: (bytes: number) => void;
  /** Hears once, of the columns that nothing reads. */
  readonly onUnknownColumns: (columns: readonly string[]) => void;
}

/**
 * Streams the rows of `input` in chunks; memory holds one chunk and one batch of lines, whatever the size of the
 * file.
 * @throws UsageError for a header that lacks a column; CommandError for a damaged file.
 */
export async function* rowChunks<Row>(
  table: Table<Row>,
  input: Input,
  { now, chunkRows, onRead, onUnknownColumns }: ReadOptions,
): AsyncGenerator<RowChunk<Row>, void, undefined> {
  const schema = table.schema(now);
  const reader = createRowReader(input.format, table.columns, input.path);
  let rows: { line: number; row: Row }[] = [];
  let rejections: Rejection[] = [];
  let lastLine = 0;
  const take = (): RowChunk<Row> => {
    const chunk = { rows, rejections, lastLine };
    rows = [];
    rejections = [];
    return chunk;
  };
  const add = (raw: RawRow): void => {
    lastLine = raw.lastLine;
    const { line } = raw;
    if ('broken' in raw) {
      rejections.push({ line, reason: raw.broken });
      return;
    }
    const parsed = schema.safeParse(raw.values);
    if (parsed.success) rows.push({ line, row: parsed.data });
    else rejections.push({ line, reason: explain(parsed.error) });
  };
  let size = chunkRows();
  for await (const batch of rawRowBatches()) {
    for (const raw of batch) {
      add(raw);
      if (rows.length + rejections.length >= size) {
        yield take();
        size = chunkRows();
      }
    }
  }
  if (reader.unknownColumns.size > 0) onUnknownColumns([...reader.unknownColumns]);
  if (rows.length + rejections.length > 0) yield take();

  async function* rawRowBatches(): AsyncGenerator<RawRow[], void, undefined> {
    for await (const lines of physicalLines(inputBytes(input, onRead))) yield reader.push(lines);
    yield reader.end();
  }
}
