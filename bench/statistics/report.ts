import { markdownTable } from '../../evaluation/report/markdown-table.ts';
import { text, type Cell, type Group, type Tally } from './cell.ts';

/** The tables in Markdown, and what became of each bar. */
export interface Report {
  readonly tables: string;
  readonly bars: readonly { readonly name: string; readonly met: boolean }[];
}

/** Of the cells that `tallies` knows; groups without one are left out. */
export function reportOf(
  groups: readonly Group[],
  tallies: ReadonlyMap<string, Tally>,
  replications: number,
): Report {
  const bars: Report['bars'][number][] = [];
  const rowOf = (cell: Cell): string[][] => {
    const tally = tallies.get(cell.id);
    if (tally === undefined) return [];
    const { figures, bar } = cell.row(tally, replications);
    if (bar === undefined) return [[...figures, 'none', '']];
    bars.push({ name: `${cell.id}: ${bar.text}`, met: bar.met });
    return [[...figures, bar.text, bar.met ? 'met' : 'MISSED']];
  };
  const sections = groups.flatMap(({ title, columns, cells }) => {
    const rows = cells.flatMap(rowOf);
    if (rows.length === 0) return [];
    return [`### ${title}`, markdownTable([...columns, text('bar'), text('')], rows)];
  });
  return { tables: sections.join('\n\n'), bars };
}

const [begin, end] = ['<!-- calibration:begin -->', '<!-- calibration:end -->'];

/**
 * `page` with `generated` between its two markers, and the rest of it as it was.
 * @throws where the page does not have each of them once, in order.
 */
export function withGenerated(page: string, generated: string): string {
  const [before, rest, ...more] = page.split(begin);
  const [old, after, ...others] = (rest ?? '').split(end);
  if (before === undefined || old === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`The page needs ${begin} and behind it ${end}, each of them once.`);
  }
  return `${before}${begin}\n\n${generated.trim()}\n\n${end}${after}`;
}
