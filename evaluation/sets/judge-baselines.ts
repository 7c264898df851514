import { performance } from 'node:perf_hooks';
import type { Display } from '../../cli/import/display.ts';
import type { Evaluation } from '../metrics/evaluation-set.ts';
import { judgeScorer } from '../metrics/judge-scorer.ts';
import type { Model } from '../models/model.ts';
import { discountPopular } from '../models/popularity-discount.ts';
import type { Reference, Row } from './set-result.ts';

/** One fit and the rows that come of it. */
export interface BaselineFit {
  readonly model: Model;
  readonly rows: readonly {
    readonly name: string;
    readonly parameters: string;
    /** Holds popular items back, by `discountPopular`; 0 for not at all. */
    readonly gamma: number;
    readonly reference: Reference;
  }[];
}

/** Fits each baseline and measures its rows. */
export async function judgeBaselines(
  baselines: readonly BaselineFit[],
  { training, set }: Evaluation,
  display: Display,
): Promise<Row[]> {
  const judged: Row[] = [];
  for (const { model, rows } of baselines) {
    display.begin(rows[0]?.name ?? 'baseline', 1);
    let inverseSeconds: number | null = null;
    const start = performance.now();
    const scorer = await model.fit(training, {
      onProgress: (done, total) => display.update(done / total),
      onInverted: (seconds) => {
        inverseSeconds = seconds;
      },
    });
    const fitSeconds = (performance.now() - start) / 1000;
    for (const { gamma, ...row } of rows) {
      const figures = judgeScorer(gamma === 0 ? scorer : discountPopular(scorer, training, gamma), set);
      judged.push({ ...row, figures, fitSeconds, inverseSeconds });
    }
    display.end();
  }
  return judged;
}
