export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table in the way prettier writes it: cells are padded to the width of their column. Cells must not have a `|`. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = (row: readonly string[]): string =>
    line(
      columns.map(({ align }, column) => {
        const cell = row[column] ?? '';
        const space = ' '.repeat((widths[column] ?? 0) - cell.length);
        return align === 'left' ? cell + space : space + cell;
      }),
    );
  const rule = columns.map(({ align }, column) => {
    const width = widths[column] ?? 0;
    return align === 'left' ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
  });
  return [padded(columns.map(({ title }) => title)), line(rule), ...rows.map((row) => padded(row))].join(
    '\n',
  );
}
