import { inputBytes, inspectInput } from '../../cli/import/reading/open-input.ts';
import { physicalLines } from '../../cli/import/reading/physical-lines.ts';
import { createRowReader, type RawRow } from '../../cli/import/reading/table-rows.ts';

/** Streams the rows of a CSV file, perhaps gzipped, as column → text. Throws at a broken line. */
export async function* readTable<Column extends string>(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<Record<Column, string>, void, undefined> {
  const reader = createRowReader('csv', { required: columns, optional: [] }, path);
  for await (const lines of physicalLines(inputBytes(await inspectInput(path)))) {
    yield* toRecords(reader.push(lines), columns, path);
  }
  yield* toRecords(reader.end(), columns, path);
}

function* toRecords<Column extends string>(
  rows: readonly RawRow[],
  columns: readonly Column[],
  path: string,
): Generator<Record<Column, string>, void, undefined> {
  for (const row of rows) {
    if ('broken' in row) throw new Error(`${path}:${row.line}: ${row.broken}`);
    const record: Partial<Record<Column, string>> = {};
    for (const column of columns) record[column] = String(row.values[column]);
    if (isComplete(record, columns)) yield record;
  }
}

function isComplete<Column extends string>(
  record: Partial<Record<Column, string>>,
  columns: readonly Column[],
): record is Record<Column, string> {
  return columns.every((column) => record[column] !== undefined);
}
