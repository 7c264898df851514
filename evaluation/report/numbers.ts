import type { Interval } from '../metrics/bootstrap.ts';

/** A figure of 0..1 with the four decimals that the reference has. */
export function plain(value: number): string {
  return value.toFixed(4);
}

/** `0.1792-0.1969` */
export function interval({ low, high }: Interval): string {
  return `${plain(low)}-${plain(high)}`;
}

/** `+0.0050 (+0.0010 to +0.0093)` */
export function signedInterval({ mean, low, high }: Interval): string {
  const [middle, from, to] = [mean, low, high].map((value) => signed(plain(value)));
  return `${middle} (${from} to ${to})`;
}

/** A share as per cent, with one decimal unless it is whole; `isChange` puts the sign before it. */
export function percent(share: number, isChange = false): string {
  const value = 100 * share;
  const digits = Math.abs(value - Math.round(value)) < 1e-9 ? 0 : 1;
  const text = value.toFixed(digits);
  return `${isChange ? signed(text) : minus(text)} %`;
}

/** With separators for thousands. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** With its sign; what is rounded to nothing has the sign of nothing. */
function signed(text: string): string {
  return Number(text) < 0 ? minus(text) : `+${text.replace(/^-/, '')}`;
}

/** A real minus sign, which a table does not break a line at. */
function minus(text: string): string {
  return text.replace(/^-/, '−');
}
