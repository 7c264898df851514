import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { markdownTable } from '../../evaluation/report/markdown-table.ts';
import { count, percent, plain } from '../../evaluation/report/numbers.ts';
import { reliabilityPlot } from '../../evaluation/report/reliability-plot.ts';
import type { TrainedForecaster } from '../../subgraphs/feed/learning/forecaster/train-forecaster.ts';

/** How good a forecaster is, in a few words. */
export function forecasterFigures({
  figures,
  basis,
  rows,
}: NonNullable<TrainedForecaster['fitted']>): string {
  return (
    `${count(rows)} rows of ${basis}; each forecast by others: AUC ` +
    `${figures.auc === null ? 'unknown' : plain(figures.auc)}, expected calibration error ${plain(figures.ece)}, ` +
    `base rate ${percent(figures.positives / Math.max(1, figures.count))}`
  );
}

/** Writes `path`, in Markdown, and its picture beside it; what is rewarded is so for `rewardHours` hours. */
export function writeForecasterReport(
  path: string,
  { version, fitted }: TrainedForecaster,
  rewardHours: number,
): void {
  if (fitted === null) {
    writeFileSync(path, '# Forecaster\n\nThere are too few saves to learn from.\n');
    return;
  }
  const { figures, basis } = fitted;
  const picture = `${path.replace(/\.md$/, '')}.svg`;
  writeFileSync(
    picture,
    reliabilityPlot(`Reliability of the forecaster, version ${version}`, figures.points),
  );
  const table = markdownTable(
    [
      { title: 'Rows', align: 'right' },
      { title: 'Mean forecast', align: 'right' },
      { title: 'Came true', align: 'right' },
    ],
    figures.points.map((point) => [count(point.count), plain(point.forecast), plain(point.observed)]),
  );
  const page = [
    `# Forecaster, version ${version}`,
    `${forecasterFigures(fitted)}.`,
    basis === 'impressions'
      ? `A row is something that a user was shown; it came true where a save or an inquiry followed within ${rewardHours} hours.`
      : 'A row is an item that a user chose, or one drawn from the others; probabilities are those of the rows. In a feed ' +
        'they are those of any item that the user has not chosen: ' +
        `${plain(fitted.parameters.shift)} is added to each logit.`,
    `![What came true of the forecasts](${basename(picture)})`,
    table,
  ].join('\n\n');
  writeFileSync(path, `${page}\n`);
}
