import { describe, expect, it } from 'vitest';
import { barsOf, costOf } from './bars.ts';
import { marketplaceBars } from './forecaster/marketplace-bars.ts';
import type { Judgement } from './metrics/judge-scorer.ts';
import type { Row, SetResult } from './sets/set-result.ts';
import { mmrAlone } from './stack/orders.ts';

const users = 400;

/** Users alternate around `mean`, so that intervals are narrow and not empty. */
function figures(mean: number, auc = 0.9): Judgement {
  const perUser = (value: number): Float64Array =>
    Float64Array.from({ length: users }, (_, user) => value * (user % 2 === 0 ? 1.1 : 0.9));
  return {
    recallAt20: perUser(mean),
    recallAt50: perUser(mean),
    ndcgAt20: perUser(mean),
    ndcgAt100: perUser(mean),
    auc: perUser(auc),
    coverageAt20: 0.5,
  };
}

function row(name: string, parameters: string, recall: number, published = recall): Row {
  return {
    name,
    parameters,
    figures: figures(recall),
    fitSeconds: 1,
    inverseSeconds: null,
    reference: { recallAt20: published, ndcg: recall },
  };
}

const baselines = [
  row('TopPop', '', 0.04),
  row('ItemKNN', 'k 50 shrink 0, list history', 0.15),
  row('ItemKNN', 'k 200 shrink 0, list candidate', 0.16),
  row('PureSVD', 'rank 64', 0.09),
  row('EASE', 'lambda 100', 0.17),
  row('EASE-disc', 'lambda 100 gamma 0.2', 0.2),
];

function resultWith(changes: Partial<SetResult> = {}): SetResult {
  const diversity = (value: number): Float64Array => new Float64Array(users).fill(value);
  return {
    id: 'goodbooks',
    checks: [{ name: 'training pairs', published: 5, found: 5 }],
    users,
    trainingPairs: 5,
    heldOutPairs: 2,
    candidates: 100,
    ndcgDepth: 100,
    stack: {
      alone: figures(0.19),
      sum: figures(0.189),
      aloneDiversity: diversity(0.5),
      forecast: figures(0.19),
      orders: [{ name: mmrAlone, figures: figures(0.187), diversity: diversity(0.6) }],
    },
    training: {
      importSeconds: 60,
      neighboursSeconds: 100,
      vectorsSeconds: 50,
      forecasterSeconds: 150,
      learned: 100,
      inferred: 0,
      peakBytes: 2e9,
    },
    served: {
      feeds: figures(0.18),
      trending: figures(0.04),
      sources: new Map(),
      modes: new Map(),
      refusals: 0,
      degraded: new Map(),
    },
    baselines,
    ...changes,
  };
}

function missed(result: SetResult): string[] {
  return barsOf(result)
    .filter(({ met }) => !met)
    .map(({ text }) => text);
}

describe('barsOf', () => {
  it('has every bar met, and an aim that fails nothing', () => {
    const bars = barsOf(resultWith());
    expect(bars).toHaveLength(15);
    expect(bars.filter(({ met }) => !met)).toEqual([
      expect.objectContaining({ text: 'ranking alone, recall@20 above the best baseline', isAim: true }),
    ]);
  });

  it('misses what falls short', () => {
    const { stack, training, served } = resultWith();
    const [mmr] = stack.orders;
    const short = resultWith({
      checks: [{ name: 'training pairs', published: 5, found: 6 }],
      stack: {
        ...stack,
        alone: figures(0.155, 0.8),
        forecast: figures(0.155, 0.87),
        orders: mmr === undefined ? [] : [{ ...mmr, diversity: new Float64Array(users).fill(0.51) }],
      },
      training: { ...training, vectorsSeconds: 700, peakBytes: 5e9 },
      served: served === null ? null : { ...served, feeds: figures(0.1) },
      baselines: baselines.map((entry) =>
        entry.name === 'PureSVD' ? row('PureSVD', 'rank 64', 0.09, 0.099) : entry,
      ),
    });
    expect(missed(short)).toEqual([
      expect.stringContaining('split'),
      expect.stringContaining('within 5 %'),
      'ranking alone, recall@20 not below that of the weighted sum',
      expect.stringContaining("4 × TopPop's"),
      'ranking alone, recall@20 above ItemKNN, its best',
      'ranking alone, recall@20 not below the best undiscounted baseline',
      'ranking alone, recall@20 above the best baseline',
      expect.stringMatching(/^AUC/),
      expect.stringContaining('forecaster: AUC'),
      expect.stringContaining('minutes'),
      expect.stringContaining('4 GB'),
      expect.stringContaining('less recall@20'),
      expect.stringContaining('`trending`'),
    ]);
  });

  it('compares with no baseline that was not measured', () => {
    const bars = barsOf(resultWith({ baselines: [] }));
    expect(bars.filter(({ text }) => text.startsWith('ranking alone')).map(({ text }) => text)).toEqual([
      'ranking alone, recall@20 not below that of the weighted sum',
    ]);
    expect(bars).toHaveLength(8);
  });

  it('asks something else of each data set', () => {
    expect(barsOf(resultWith({ id: 'movielens' })).map(({ text }) => text)).toContain(
      'ranking alone, recall@20 not below ItemKNN, its best',
    );
    const cold = [row('TagPop', 'sum', 0.16), row('TagCosine', 'idf', 0.18)];
    expect(missed(resultWith({ id: 'cold', baselines: cold }))).toEqual([]);
  });
});

it('asks of forecasts that they come true', () => {
  const judged = { count: 10, positives: 2, auc: 0.6, points: [] };
  const isMet = (ece: number): boolean[] =>
    marketplaceBars({ figures: { ...judged, ece }, seconds: 1, trained: null }).map(({ met }) => met);
  expect(isMet(0.019)).toEqual([true]);
  expect(isMet(0.02)).toEqual([false]);
});

it('says what an order costs', () => {
  const result = resultWith();
  const [mmr] = result.stack.orders;
  if (mmr === undefined) throw new Error('There is no order.');
  const { recall, diversity } = costOf(result, mmr);
  expect(recall).toBeCloseTo(0.187 / 0.19 - 1);
  expect(diversity).toBeCloseTo(0.2);
});
