import type { ReliabilityPoint } from '../../subgraphs/feed/learning/forecaster/reliability.ts';
import { axis } from './axis.ts';
import { count, plain } from './numbers.ts';
import { plotFrame } from './plot-frame.ts';
import { svgDot, svgLine, svgPage, svgPath } from './svg.ts';

const [width, height] = [560, 520];
const margin = { top: 62, right: 40, bottom: 56, left: 70 };

/** What came true of forecasts against the forecasts; of a calibrated model the points lie on the line. */
export function reliabilityPlot(title: string, points: readonly ReliabilityPoint[]): string {
  const most = Math.max(...points.map(({ forecast, observed }) => Math.max(forecast, observed)));
  const x = axis([0, most], [margin.left, width - margin.right]);
  const y = axis([0, most], [height - margin.bottom, margin.top]);
  const places = points.map(({ forecast, observed }): [number, number] => [
    x.place(forecast),
    y.place(observed),
  ]);
  const end = x.ticks.at(-1) ?? most;
  const description = points
    .map(
      ({ forecast, observed, count: size }) =>
        `${count(size)} forecasts of ${plain(forecast)} on average: ${plain(observed)} came true`,
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
      across: 'forecast probability',
      up: 'share that came true',
    }),
    svgLine('other', [x.place(0), y.place(0)], [x.place(end), y.place(end)]),
    svgPath('line ours', places),
    ...places.map((place) => svgDot('ours', place)),
  ]);
}
