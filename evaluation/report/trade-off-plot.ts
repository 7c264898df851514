import { axis } from './axis.ts';
import { plain } from './numbers.ts';
import { plotFrame } from './plot-frame.ts';
import { svgDot, svgPage, svgPath, svgText } from './svg.ts';

export interface TradeOff {
  readonly label: string;
  /** 0..1, along the page and up. */
  readonly diversity: number;
  readonly recall: number;
}

export interface TradeOffs {
  /** Joined by a line in their order, the first is the ranking alone. */
  readonly curve: readonly TradeOff[];
  readonly caps: readonly TradeOff[];
}

const [width, height] = [860, 440];
const margin = { top: 62, right: 150, bottom: 52, left: 70 };

/** What diversity costs: recall@20 against intra-list diversity. */
export function tradeOffPlot(title: string, { curve, caps }: TradeOffs): string {
  const all = [...curve, ...caps];
  const range = (of: (point: TradeOff) => number): [number, number] => [
    Math.min(...all.map(of)),
    Math.max(...all.map(of)),
  ];
  const x = axis(
    range(({ diversity }) => diversity),
    [margin.left, width - margin.right],
  );
  const y = axis(
    range(({ recall }) => recall),
    [height - margin.bottom, margin.top],
  );
  const at = ({ diversity, recall }: TradeOff): [number, number] => [x.place(diversity), y.place(recall)];
  const marks = (points: readonly TradeOff[], kind: string, dy: number): string[] =>
    points.flatMap((point) => {
      const [left, top] = at(point);
      return [svgDot(kind, [left, top]), svgText(left + 8, top + dy, 'text', point.label)];
    });
  const description = all
    .map(
      ({ label, diversity, recall }) => `${label}: diversity ${plain(diversity)}, recall@20 ${plain(recall)}`,
    )
    .join('; ');
  return svgPage({ width, height, title, description }, [
    ...plotFrame({
      width,
      height,
      margin,
      x,
      y,
      title,
      across: 'intra-list diversity of the first 20 (1 − mean cosine of their tags)',
      up: 'recall@20',
    }),
    svgPath('line ours', curve.map(at)),
    // The first lies close to the second, whose label would cover it.
    ...marks(curve.slice(0, 1), 'ours', 20),
    ...marks(curve.slice(1), 'ours', -6),
    ...marks(caps, 'caps', 14),
  ]);
}
