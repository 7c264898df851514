import { lead } from '../bars.ts';
import { bootstrapMean } from '../metrics/bootstrap.ts';
import type { Figures } from '../metrics/figures.ts';
import type { Reference, SetResult } from '../sets/set-result.ts';
import type { Dot } from './dot-plot.ts';
import { markdownTable } from './markdown-table.ts';
import { interval, plain, signedInterval } from './numbers.ts';

/** One line of a data set's table. */
export interface ReportedRow {
  readonly name: string;
  readonly parameters: string;
  readonly kind: 'alone' | 'ours' | 'other';
  readonly figures: Figures;
  readonly fitSeconds: number | null;
  readonly reference: Reference | null;
}

/** Our rows first, then everything else, the best first. */
function reportedRows({ stack, served, training, baselines }: SetResult): ReportedRow[] {
  const own = { parameters: '', reference: null, fitSeconds: null };
  const [servedOrder] = stack.orders;
  const ours: ReportedRow[] = [
    {
      ...own,
      name: 'Bouquet, ranking alone',
      kind: 'alone',
      figures: stack.alone,
      fitSeconds: training.neighboursSeconds + training.vectorsSeconds,
    },
    { ...own, name: 'Bouquet, weighted sum alone', kind: 'ours', figures: stack.sum },
  ];
  if (servedOrder !== undefined) {
    ours.push({ ...own, name: `Bouquet, ${servedOrder.name}`, kind: 'ours', figures: servedOrder.figures });
  }
  if (stack.forecast !== null) {
    ours.push({
      ...own,
      name: 'Bouquet, by the forecaster alone',
      kind: 'ours',
      figures: stack.forecast,
      fitSeconds: training.forecasterSeconds,
    });
  }
  const others: ReportedRow[] = baselines.map((row) => ({ ...row, kind: 'other' }));
  if (served !== null) {
    ours.push({ ...own, name: 'Bouquet, as served', kind: 'ours', figures: served.feeds });
    others.push({ ...own, name: 'trending, as served', kind: 'other', figures: served.trending });
  }
  return [...ours, ...others.toSorted((a, b) => meanOf(b.figures.recallAt20) - meanOf(a.figures.recallAt20))];
}

/** The table of a data set. Differences are of our ranking alone, on the same users. */
export function modelTable(result: SetResult): string {
  return markdownTable(
    [
      { title: 'Model', align: 'left' },
      { title: 'Parameters', align: 'left' },
      { title: 'recall@20', align: 'right' },
      { title: '95 % interval', align: 'right' },
      { title: 'Ranking alone minus this', align: 'right' },
      { title: 'recall@50', align: 'right' },
      { title: 'NDCG@20', align: 'right' },
      { title: 'NDCG@100', align: 'right' },
      { title: 'AUC', align: 'right' },
      { title: 'coverage@20', align: 'right' },
      { title: 'Published recall@20', align: 'right' },
      { title: 'Ratio', align: 'right' },
      { title: 'Fit, s', align: 'right' },
    ],
    reportedRows(result).map(({ name, parameters, kind, figures, fitSeconds, reference }) => {
      const recall = bootstrapMean(figures.recallAt20);
      return [
        kind === 'other' ? name : `**${name}**`,
        parameters,
        plain(recall.mean),
        interval(recall),
        kind === 'alone' ? '' : signedInterval(lead(result, figures)),
        meanCell(figures.recallAt50),
        meanCell(figures.ndcgAt20),
        meanCell(figures.ndcgAt100),
        meanCell(figures.auc),
        plain(figures.coverageAt20),
        reference === null ? '' : plain(reference.recallAt20),
        reference === null ? '' : (recall.mean / reference.recallAt20).toFixed(3),
        fitSeconds === null ? '' : fitSeconds.toFixed(1),
      ];
    }),
  );
}

/** The same rows for a plot, the best first. */
export function dotsOf(result: SetResult): Dot[] {
  return reportedRows(result)
    .map(({ name, parameters, kind, figures }) => ({
      label: parameters === '' ? name : `${name}, ${parameters}`,
      value: bootstrapMean(figures.recallAt20),
      isOurs: kind !== 'other',
    }))
    .toSorted((a, b) => b.value.mean - a.value.mean);
}

function meanCell(values: Float64Array | null): string {
  return values === null ? '' : plain(meanOf(values));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
