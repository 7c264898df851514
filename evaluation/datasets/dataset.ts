import { join } from 'node:path';

/** A row of an import file; columns as in docs/reference/import.md, absent ones null. */
export type ImportRow = Readonly<Record<string, string | readonly string[] | null>>;

/** A data set converted to what `bouquet import` reads. */
export interface Dataset {
  vendors(): AsyncIterable<ImportRow>;
  contents(): AsyncIterable<ImportRow>;
  interactions(): AsyncIterable<ImportRow>;
}

/** Where the data sets lie unless a path is given, beside the repository. They are read in place, never copied. */
export const defaultDataFolder = join(import.meta.dirname, '../../../shared/data');
