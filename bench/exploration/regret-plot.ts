import { axis } from '../../evaluation/report/axis.ts';
import { plotFrame } from '../../evaluation/report/plot-frame.ts';
import { svgLine, svgPage, svgPath, svgText } from '../../evaluation/report/svg.ts';
import { policies, rounds, type Curves, type PolicyName } from './measure-regret.ts';

const [width, height] = [860, 440];
const margin = { top: 62, right: 240, bottom: 52, left: 70 };

const kinds: Readonly<Record<PolicyName, string>> = { thompson: 'ours', forgetting: 'caps', greedy: 'other' };

/** Cumulative regret over rounds, the mean of all seeds for each policy. */
export function regretPlot(world: string, curves: Curves): string {
  const names: readonly PolicyName[] = ['thompson', 'forgetting', 'greedy'];
  const means = names.map((name) => ({ name, values: meanCurve(curves[name]) }));
  const most = Math.max(...means.flatMap(({ values }) => values));
  const x = axis([0, rounds], [margin.left, width - margin.right]);
  const y = axis([0, most], [height - margin.bottom, margin.top]);
  const title = `Regret in the ${world} world, a simulation`;
  const description = means
    .map(({ name, values }) => `${policies[name]}: ${(values.at(-1) ?? 0).toFixed(0)} after ${rounds} rounds`)
    .join('; ');
  const labels = spread(means.map(({ values }) => y.place(values.at(-1) ?? 0)));
  return svgPage({ width, height, title, description }, [
    ...plotFrame({ width, height, margin, x, y, title, across: 'rounds', up: 'saves missed, cumulative' }),
    ...means.flatMap(({ name, values }, index) => [
      svgPath(
        `line ${kinds[name]}`,
        [0, ...values].map(
          (value, part) => [x.place((part * rounds) / values.length), y.place(value)] as const,
        ),
      ),
      svgLine(
        kinds[name],
        [width - margin.right + 12, labels[index] ?? 0],
        [width - margin.right + 28, labels[index] ?? 0],
      ),
      svgText(width - margin.right + 34, (labels[index] ?? 0) + 4, 'text', policies[name]),
    ]),
  ]);
}

/** The same heights, moved apart where texts would lie on one another. */
function spread(places: readonly number[]): number[] {
  const order = places.map((place, index) => ({ place, index })).toSorted((a, b) => a.place - b.place);
  const moved = [...places];
  let above = -Infinity;
  for (const { place, index } of order) {
    above = Math.max(place, above + 18);
    moved[index] = above;
  }
  return moved;
}

function meanCurve(curves: readonly (readonly number[])[]): number[] {
  return (curves[0] ?? []).map(
    (_, part) => curves.reduce((sum, curve) => sum + (curve[part] ?? 0), 0) / curves.length,
  );
}
