import { badUserInput } from '#platform/errors/request-error.ts';
import type { ContentRow } from './content-row.ts';

/** A page of entries as a Relay connection; `countAll` is asked only where the client selects `totalCount`. */
export interface ContentPage {
  readonly edges: { readonly cursor: string; readonly node: ContentRow }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: false;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  countAll(): Promise<number>;
}

const maxPage = 100;

/** @throws RequestError `BAD_USER_INPUT` unless `first` is 1 to 100. */
export function checkFirst(first: number): void {
  if (first < 1 || first > maxPage) throw badUserInput(`first must be 1 to ${maxPage}; it is ${first}.`);
}

/** Makes a page of `rows`, which hold one more than `first` where another page follows. */
export function toPage<T extends ContentRow>(
  rows: readonly T[],
  first: number,
  cursorOf: (row: T) => string,
  countAll: () => Promise<number>,
): ContentPage {
  const edges = rows.slice(0, first).map((row) => ({ cursor: cursorOf(row), node: row }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: false,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    countAll,
  };
}
