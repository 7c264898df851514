import type { z } from 'zod';
import type { Database, Transaction } from '#platform/database/database.ts';
import type { Columns } from '../reading/table-rows.ts';

/** One of the three tables that an import fills: which columns it has, which rows are good, how they are stored. */
export interface Table<Row> {
  readonly part: 'vendors' | 'contents' | 'interactions';
  readonly columns: Columns;
  /** Rows of one transaction at most; it takes under a second. */
  readonly chunkRows: number;
  /** The rules that a row must obey; `now` bounds times. */
  schema(now: Date): z.ZodType<Row>;
  /** The id of something that must exist, such as the content of an interaction. */
  readonly reference: Reference<Row> | null;
  /** Stores the rows, except those whose reference is unknown, and returns the unknown ids. A repeat changes nothing. */
  store(tx: Transaction, rows: readonly Row[]): Promise<readonly string[]>;
}

export interface Reference<Row> {
  readonly column: string;
  /** The table that is referred to. */
  readonly part: 'vendors' | 'contents';
  idOf(row: Row): string;
  /** Those of `ids` that the database knows. */
  known(database: Database, ids: readonly string[]): Promise<readonly string[]>;
}
