import type { Axis } from './axis.ts';
import { svgLine, svgText } from './svg.ts';

export interface PlotFrame {
  readonly width: number;
  readonly height: number;
  readonly margin: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly x: Axis;
  readonly y: Axis;
  readonly title: string;
  /** What the axes measure, below and above them. */
  readonly across: string;
  readonly up: string;
}

/** Title, grid, ticks and the names of the axes of a plot of two axes, to be drawn before what it shows. */
export function plotFrame({ width, height, margin, x, y, title, across, up }: PlotFrame): string[] {
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  return [
    svgText(16, 26, 'title text', title),
    ...x.ticks.flatMap((tick) => [
      svgLine('grid', [x.place(tick), margin.top], [x.place(tick), bottom]),
      svgText(x.place(tick), bottom + 16, 'middle muted', String(tick)),
    ]),
    ...y.ticks.flatMap((tick) => [
      svgLine('grid', [margin.left, y.place(tick)], [right, y.place(tick)]),
      svgText(margin.left - 8, y.place(tick) + 4, 'end muted', String(tick)),
    ]),
    svgText((margin.left + right) / 2, height - 14, 'middle muted', across),
    svgText(16, margin.top - 14, 'muted', up),
  ];
}
