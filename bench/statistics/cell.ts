import type { Column } from '../../evaluation/report/markdown-table.ts';
import type { RandomStream } from './random-stream.ts';

/** One thing that is simulated again and again, and the row of a table that comes of it. */
export interface Cell {
  /** Names it among all, and is the seed of its draws. */
  readonly id: string;
  /** One experiment; what it counts adds up over replications. */
  replicate(stream: RandomStream): Tally;
  row(tally: Tally, replications: number): Row;
}

/** Counts and sums by name. */
export type Tally = Readonly<Record<string, number>>;

export interface Row {
  readonly figures: readonly string[];
  /** Whether the bar is met; absent where a row is shown for comparison. */
  readonly bar?: { readonly text: string; readonly met: boolean };
}

/** The cells of one table. */
export interface Group {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly cells: readonly Cell[];
}

export function addTallies(a: Tally, b: Tally): Tally {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, countOf(a, key) + countOf(b, key)]));
}

/** How often, or how much of, `key` was counted. */
export function countOf(tally: Tally, key: string): number {
  return tally[key] ?? 0;
}

/** `4.98 % (4.69–5.29)`: a share of replications with its 95 % Monte Carlo interval. */
export function percent(count: number, replications: number): string {
  const [lower, upper] = wilsonInterval(count, replications);
  const [share, from, to] = [count / replications, lower, upper].map((each) => (100 * each).toFixed(2));
  return `${share} % (${from}–${to})`;
}

/** Wilson, Journal of the American Statistical Association 22 (1927) 209. Wider than needed for means of what lies in 0..1. */
export function wilsonInterval(count: number, n: number): readonly [lower: number, upper: number] {
  const z = 1.959963984540054;
  const center = (count + z ** 2 / 2) / (n + z ** 2);
  const half = (z / (n + z ** 2)) * Math.sqrt((count * (n - count)) / n + z ** 2 / 4);
  return [Math.max(0, center - half), Math.min(1, center + half)];
}

export function text(title: string): Column {
  return { title, align: 'left' };
}

export function number(title: string): Column {
  return { title, align: 'right' };
}
