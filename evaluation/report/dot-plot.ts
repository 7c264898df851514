import type { Interval } from '../metrics/bootstrap.ts';
import { axis } from './axis.ts';
import { interval, plain } from './numbers.ts';
import { svgDot, svgLine, svgPage, svgText } from './svg.ts';

export interface Dot {
  readonly label: string;
  readonly value: Interval;
  readonly isOurs: boolean;
}

const width = 860;
const rowHeight = 24;
const margin = { top: 44, right: 76, bottom: 40, left: 330 };

/** Means with their intervals, one below the other. */
export function dotPlot(title: string, unit: string, dots: readonly Dot[]): string {
  const bottom = margin.top + dots.length * rowHeight;
  const high = Math.max(...dots.map(({ value }) => value.high));
  const { ticks, place } = axis([0, high], [margin.left, width - margin.right]);
  const rows = dots.flatMap(({ label, value, isOurs }, row) => {
    const y = margin.top + (row + 0.5) * rowHeight;
    const kind = isOurs ? 'ours' : 'other';
    return [
      svgText(margin.left - 12, y + 4, `end ${isOurs ? 'ours' : 'text'}`, label),
      svgLine(kind, [place(value.low), y], [place(value.high), y]),
      svgDot(kind, [place(value.mean), y]),
      svgText(width - margin.right + 14, y + 4, 'muted', plain(value.mean)),
    ];
  });
  const description = dots
    .map(({ label, value }) => `${label}: ${plain(value.mean)} (${interval(value)})`)
    .join('; ');
  return svgPage({ width, height: bottom + margin.bottom, title, description }, [
    svgText(16, 26, 'title text', title),
    ...ticks.flatMap((tick) => [
      svgLine('grid', [place(tick), margin.top], [place(tick), bottom]),
      svgText(place(tick), bottom + 16, 'middle muted', String(tick)),
    ]),
    svgText((margin.left + width - margin.right) / 2, bottom + 34, 'middle muted', unit),
    ...rows,
  ]);
}
