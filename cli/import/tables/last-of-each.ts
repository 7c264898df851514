/** The rows without those whose id comes again: one statement cannot change a row twice, and the last one wins. */
export function lastOfEach<Row extends { readonly id: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
