import { bootstrapDifference, bootstrapInterval, mean, type Interval } from './metrics/bootstrap.ts';
import type { Figures } from './metrics/figures.ts';
import { percent, plain, signedInterval } from './report/numbers.ts';
import type { Row, SetId, SetResult } from './sets/set-result.ts';
import type { JudgedOrder } from './stack/judge-stack.ts';
import { mmrAlone } from './stack/orders.ts';

/** Something that a ranking has to reach; an aim is worth knowing and fails nothing. */
export interface Bar {
  readonly set: SetId | 'marketplace';
  readonly text: string;
  readonly figure: string;
  readonly met: boolean;
  readonly isAim: boolean;
}

/** Published figures are met within this share. */
const tolerance = 0.05;

const limits = {
  timesTopPop: 4,
  timesTrending: 3,
  auc: 0.88,
  forecastAuc: 0.88,
  trainingSeconds: 600,
  trainingBytes: 4e9,
  mmrRecallLoss: 0.03,
  mmrDiversityGain: 0.15,
};

/** What a data set's results have to reach. Bars that compare with baselines are left out where those were skipped. */
export function barsOf(result: SetResult): Bar[] {
  const bars = [splitBar(result), ...reproductionBar(result), panelBar(result)];
  if (result.id === 'goodbooks') return [...bars, ...goodbooksBars(result)];
  return [...bars, ...(result.id === 'movielens' ? movielensBars(result) : coldBars(result))];
}

/** How much better our ranking alone is than a row, in recall@20, on the same users. */
export function lead({ stack }: SetResult, figures: Figures): Interval {
  return bootstrapDifference(stack.alone.recallAt20, figures.recallAt20);
}

/** By what share an order changes recall@20 and diversity of the ranking alone. */
export function costOf({ stack }: SetResult, order: JudgedOrder): { recall: number; diversity: number } {
  return {
    recall: meanOf(order.figures.recallAt20) / meanOf(stack.alone.recallAt20) - 1,
    diversity: meanOf(order.diversity) / meanOf(stack.aloneDiversity) - 1,
  };
}

function splitBar({ id, checks }: SetResult): Bar {
  const wrong = checks.filter(({ published, found }) => published !== found);
  return {
    set: id,
    text: 'split: counts and check sums as published',
    figure:
      wrong.length === 0
        ? `all ${checks.length} equal`
        : wrong.map(({ name, published, found }) => `${name} ${found} ≠ ${published}`).join(', '),
    met: wrong.length === 0,
    isAim: false,
  };
}

function reproductionBar({ id, baselines, ndcgDepth }: SetResult): Bar[] {
  const offs = baselines.flatMap((row) => {
    const { figures, reference } = row;
    const ndcg = ndcgDepth === 20 ? figures.ndcgAt20 : figures.ndcgAt100;
    if (reference === null || ndcg === null) return [];
    const off = Math.max(
      Math.abs(Number(plain(meanOf(figures.recallAt20))) / reference.recallAt20 - 1),
      Math.abs(Number(plain(meanOf(ndcg))) / reference.ndcg - 1),
    );
    return [{ off, name: titleOf(row) }];
  });
  const worst = offs.toSorted((a, b) => b.off - a.off)[0];
  if (worst === undefined) return [];
  return [
    {
      set: id,
      text: `every baseline within ${percent(tolerance)} of its published recall@20 and NDCG@${ndcgDepth}`,
      figure: `${offs.length} rows; ${worst.name} is furthest off, by ${percent(worst.off)}`,
      met: worst.off <= tolerance,
      isAim: false,
    },
  ];
}

/** The panel of agents against what stands in for it. */
function panelBar({ id, stack }: SetResult): Bar {
  const difference = bootstrapDifference(stack.alone.recallAt20, stack.sum.recallAt20);
  return bar(
    id,
    'ranking alone, recall@20 not below that of the weighted sum',
    signedInterval(difference),
    difference.high >= 0,
  );
}

function goodbooksBars(result: SetResult): Bar[] {
  const { id, stack, training, served } = result;
  const compare = comparison(result);
  const auc = meanOf(stack.alone.auc);
  const forecastAuc = stack.forecast === null ? 0 : meanOf(stack.forecast.auc);
  const seconds = training.neighboursSeconds + training.vectorsSeconds;
  const bars = [
    ...ratioToTopPop(result),
    ...compare('above ItemKNN, list history', 'clear', nameIs('ItemKNN', /list history/)),
    ...compare('above ItemKNN, its best', 'clear', nameIs('ItemKNN')),
    ...compare('above PureSVD, its best', 'clear', nameIs('PureSVD')),
    ...compare('not below the best undiscounted baseline', 'level', isUndiscounted),
    ...compare('above the best baseline', 'aim', () => true),
    bar(id, `AUC above ${limits.auc}`, plain(auc), auc > limits.auc),
    bar(
      id,
      `forecaster: AUC of its probability on held-out saves above ${limits.forecastAuc}`,
      plain(forecastAuc),
      forecastAuc > limits.forecastAuc,
    ),
    bar(
      id,
      `training, neighbours and vectors, under ${limits.trainingSeconds / 60} minutes`,
      `${seconds.toFixed(0)} s`,
      seconds < limits.trainingSeconds,
    ),
    bar(
      id,
      `the training process under ${limits.trainingBytes / 1e9} GB`,
      `${(training.peakBytes / 1e9).toFixed(2)} GB at its largest`,
      training.peakBytes < limits.trainingBytes,
    ),
  ];
  const mmr = stack.orders.find(({ name }) => name === mmrAlone);
  if (mmr !== undefined) {
    const { recall, diversity } = costOf(result, mmr);
    bars.push(
      bar(
        id,
        `${mmrAlone}: at most ${percent(limits.mmrRecallLoss)} less recall@20 for at least ` +
          `${percent(limits.mmrDiversityGain)} more intra-list diversity`,
        `${percent(recall, true)} and ${percent(diversity, true)}`,
        recall >= -limits.mmrRecallLoss && diversity >= limits.mmrDiversityGain,
      ),
    );
  }
  if (served !== null) {
    const { mean: times, low, high } = ratioOf(served.feeds, served.trending);
    bars.push(
      bar(
        id,
        `as served: recall@20 at least ${limits.timesTrending} × that of \`trending\``,
        `${times.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`,
        times >= limits.timesTrending,
      ),
    );
  }
  return bars;
}

function movielensBars(result: SetResult): Bar[] {
  const compare = comparison(result);
  return [
    ...compare('above TopPop', 'clear', nameIs('TopPop')),
    ...compare('not below ItemKNN, its best', 'level', nameIs('ItemKNN')),
    ...compare('above the best baseline', 'aim', () => true),
  ];
}

function coldBars(result: SetResult): Bar[] {
  const compare = comparison(result);
  return [
    ...compare('above TagPop, its best', 'clear', nameIs('TagPop')),
    ...compare('above the cosine of tags (idf)', 'clear', nameIs('TagCosine', /^idf$/)),
    ...compare('above the best baseline', 'aim', () => true),
  ];
}

type Demand =
  /** The whole interval of the difference is above 0. */
  | 'clear'
  /** It reaches 0. */
  | 'level'
  /** The difference is above 0. */
  | 'aim';

/** Compares our ranking alone with the best of the baselines that are named; makes no bar where there is none. */
function comparison(result: SetResult) {
  return (text: string, demand: Demand, isMeant: (row: Row) => boolean): Bar[] => {
    const best = result.baselines
      .filter(isMeant)
      .toSorted((a, b) => meanOf(b.figures.recallAt20) - meanOf(a.figures.recallAt20))[0];
    if (best === undefined) return [];
    const difference = lead(result, best.figures);
    const reached = { clear: difference.low > 0, level: difference.high >= 0, aim: difference.mean > 0 };
    return [
      {
        set: result.id,
        text: `ranking alone, recall@20 ${text}`,
        figure: `${signedInterval(difference)} against ${titleOf(best)}`,
        met: reached[demand],
        isAim: demand === 'aim',
      },
    ];
  };
}

function ratioToTopPop({ id, stack, baselines }: SetResult): Bar[] {
  const topPop = baselines.find(nameIs('TopPop'));
  if (topPop === undefined) return [];
  const { mean: times, low, high } = ratioOf(stack.alone, topPop.figures);
  return [
    bar(
      id,
      `ranking alone, recall@20 at least ${limits.timesTopPop} × TopPop's`,
      `${times.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`,
      times >= limits.timesTopPop,
    ),
  ];
}

function bar(set: Bar['set'], text: string, figure: string, met: boolean): Bar {
  return { set, text, figure, met, isAim: false };
}

function nameIs(name: string, parameters = /(?:)/): (row: Row) => boolean {
  return (row) => row.name === name && parameters.test(row.parameters);
}

function isUndiscounted({ name }: Row): boolean {
  return !name.endsWith('-disc');
}

function titleOf({ name, parameters }: Row): string {
  return parameters === '' ? name : `${name} (${parameters})`;
}

/** The ratio of two means of recall@20, by users drawn together. */
function ratioOf(a: Figures, b: Figures): Interval {
  const users = Array.from(a.recallAt20, (value, user) => ({ a: value, b: b.recallAt20[user] ?? 0 }));
  return bootstrapInterval(
    users,
    (drawn) => mean(drawn.map((user) => user.a)) / mean(drawn.map((user) => user.b)),
  );
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
