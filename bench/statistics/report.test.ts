import { describe, expect, it } from 'vitest';
import { number, percent, text, wilsonInterval, type Cell, type Group } from './cell.ts';
import { cells, groups } from './groups.ts';
import { reportOf, withGenerated } from './report.ts';
import { runCells } from './run-cells.ts';

const cellOf = (id: string, most?: number): Cell => ({
  id,
  replicate: () => ({ hits: 1 }),
  row: ({ hits = 0 }, replications) => ({
    figures: [id, percent(hits, replications)],
    ...(most === undefined ? {} : { bar: { text: `≤ ${most}`, met: hits <= most } }),
  }),
});

describe('the report', () => {
  it('has a table of the cells that ran, and tells which bars are met', () => {
    const columns = [text('what'), number('hits')];
    const ran: Group = {
      title: 'Ran',
      columns,
      cells: [cellOf('good', 5), cellOf('bad', 4), cellOf('shown')],
    };
    const idle: Group = { title: 'Idle', columns, cells: [cellOf('absent', 5)] };
    const tallies = new Map(['good', 'bad', 'shown'].map((id) => [id, { hits: 5 }]));
    const { tables, bars } = reportOf([ran, idle], tallies, 100);
    expect(tables.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      '### Ran',
      '',
      '| what | hits | bar | |',
      '| ----- | ------------------: | ---- | ------ |',
      '| good | 5.00 % (2.15–11.18) | ≤ 5 | met |',
      '| bad | 5.00 % (2.15–11.18) | ≤ 4 | MISSED |',
      '| shown | 5.00 % (2.15–11.18) | none | |',
    ]);
    expect(bars).toEqual([
      { name: 'good: ≤ 5', met: true },
      { name: 'bad: ≤ 4', met: false },
    ]);
  });

  it('has the published interval of a share, and none outside of 0 to 1', () => {
    // Newcombe, Statistics in Medicine 17 (1998) 857, table I.
    const rounded = (count: number, n: number): string[] =>
      wilsonInterval(count, n).map((end) => end.toFixed(4));
    expect(rounded(81, 263)).toEqual(['0.2553', '0.3662']);
    expect(rounded(15, 148)).toEqual(['0.0624', '0.1605']);
    expect(rounded(0, 20)).toEqual(['0.0000', '0.1611']);
    expect(rounded(20, 20)).toEqual(['0.8389', '1.0000']);
  });

  it('goes between the markers of a page, and leaves the rest alone', () => {
    const page = 'Before\n<!-- calibration:begin -->\nold\n<!-- calibration:end -->\nAfter\n';
    const written = withGenerated(page, 'new $& table\n');
    expect(written).toBe(
      'Before\n<!-- calibration:begin -->\n\nnew $& table\n\n<!-- calibration:end -->\nAfter\n',
    );
    expect(withGenerated(written, 'new $& table')).toBe(written);
    for (const bad of ['', '<!-- calibration:end --><!-- calibration:begin -->', page + page]) {
      expect(() => withGenerated(bad, 'new')).toThrow('each of them once');
    }
  });
});

describe('the cells', () => {
  it('have rows as wide as their tables, and names of their own', () => {
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    for (const { columns, cells: each } of groups) {
      for (const cell of each) expect(cell.row({}, 1).figures).toHaveLength(columns.length);
    }
  });

  it('count the same however often they run', async () => {
    const chosen = cells.filter(({ id }) => id.startsWith('false discoveries, Bernoulli'));
    const shares: number[] = [];
    const first = await runCells(chosen, 700, (share) => shares.push(share));
    expect(await runCells(chosen, 700, () => undefined)).toEqual(first);
    expect(shares).toEqual([0.5, 1]);
    const [tally] = first.values();
    expect(tally?.['holm']).toBeLessThan(100);
    expect(tally?.['raw']).toBeGreaterThan(300);
  });
});
