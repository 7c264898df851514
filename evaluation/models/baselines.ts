import { ease } from './ease.ts';
import { itemKnn, type ItemKnnParameters } from './item-knn.ts';
import type { Model } from './model.ts';
import { pureSvd } from './pure-svd.ts';
import { random } from './random.ts';
import { rp3beta } from './rp3beta.ts';
import { topPop } from './top-pop.ts';

/** Published figures of the same model, parameters and split, 0..1. */
export interface ReferenceFigures {
  readonly recallAt20: number;
  readonly ndcgAt100: number;
}

export interface BaselineRow {
  readonly name: string;
  readonly parameters: string;
  /** Holds popular items back, by `discountPopular`; 0 for not at all. */
  readonly gamma: number;
  readonly reference: ReferenceFigures;
}

/** One fit and the rows that come of it. */
export interface Baseline {
  readonly model: Model;
  readonly rows: readonly BaselineRow[];
}

/** Figures of section 5 and 9 of the reference: goodbooks, warm items. */
export const goodbooksBaselines: readonly Baseline[] = [
  plain('Random', '', random(), [0.0015, 0.0039]),
  plain('TopPop', '', topPop(), [0.0375, 0.061]),
  svd(64, 0, [0.0803, 0.1131]),
  svd(128, 0, [0.0798, 0.1147]),
  svd(256, 0, [0.0934, 0.1184]),
  svd(256, 0.25, [0.1354, 0.17]),
  knn({ k: 50, shrink: 0, list: 'history' }, [0.159, 0.2017]),
  knn({ k: 200, shrink: 0, list: 'candidate' }, [0.1652, 0.2082]),
  knn({ k: 50, shrink: 100, list: 'candidate' }, [0.1531, 0.1957]),
  knn({ k: 'all', shrink: 0, list: 'candidate' }, [0.1558, 0.2004]),
  walk(100, 0.4, [0.1612, 0.2026]),
  walk('all', 0.4, [0.1666, 0.2116], [[0.1, 0.1681, 0.2123]]),
  walk('all', 0.5, [0.1699, 0.2149]),
  shallow(
    100,
    [0.1718, 0.2102],
    [
      [0.1, 0.1786, 0.2149],
      [0.2, 0.1828, 0.2162],
    ],
  ),
  shallow(300, [0.1648, 0.206], [[0.3, 0.1815, 0.2195]]),
];

/** Figures of section 6 and 9 of the reference: ml-latest-small. */
export const movielensBaselines: readonly Baseline[] = [
  plain('Random', '', random(), [0.0059, 0.0098]),
  plain('TopPop', '', topPop(), [0.0838, 0.116]),
  svd(32, 0, [0.1438, 0.1856]),
  svd(64, 0, [0.1351, 0.1796]),
  svd(64, 0.25, [0.1405, 0.1783]),
  svd(128, 0, [0.1271, 0.1555]),
  svd(256, 0, [0.0988, 0.1068]),
  knn({ k: 200, shrink: 0, list: 'history' }, [0.1279, 0.1577]),
  knn({ k: 200, shrink: 0, list: 'candidate' }, [0.1409, 0.1734]),
  knn({ k: 50, shrink: 100, list: 'candidate' }, [0.1364, 0.1706]),
  knn({ k: 'all', shrink: 5, list: 'candidate' }, [0.132, 0.167]),
  walk(100, 0.4, [0.1297, 0.1655]),
  walk('all', 0.4, [0.1424, 0.1864]),
  walk('all', 0.5, [0.1441, 0.1899]),
  shallow(
    100,
    [0.1494, 0.197],
    [
      [0.1, 0.1501, 0.1978],
      [0.2, 0.1494, 0.1955],
    ],
  ),
];

type Figures = readonly [recallAt20: number, ndcgAt100: number];

/** The same with popular items held back by gamma. */
type Discounted = readonly [gamma: number, ...Figures];

function plain(
  name: string,
  parameters: string,
  model: Model,
  figures: Figures,
  discounted: readonly Discounted[] = [],
): Baseline {
  const row = (gamma: number, [recallAt20, ndcgAt100]: Figures): BaselineRow => ({
    name: gamma === 0 ? name : `${name}-disc`,
    parameters: gamma === 0 ? parameters : `${parameters} gamma ${gamma}`,
    gamma,
    reference: { recallAt20, ndcgAt100 },
  });
  return { model, rows: [row(0, figures), ...discounted.map(([gamma, ...rest]) => row(gamma, rest))] };
}

function svd(rank: number, p: number, figures: Figures): Baseline {
  return p === 0
    ? plain('PureSVD', `rank ${rank}`, pureSvd({ rank }), figures)
    : plain('ScaledSVD', `rank ${rank} p ${p}`, pureSvd({ rank, p }), figures);
}

function knn(parameters: ItemKnnParameters, figures: Figures): Baseline {
  const { k, shrink, list } = parameters;
  const text = `k ${k} shrink ${shrink}${k === 'all' ? '' : `, list ${list}`}`;
  return plain('ItemKNN', text, itemKnn(parameters), figures);
}

/** With beta 0.6, the best at every alpha. */
function walk(
  k: number | 'all',
  alpha: number,
  figures: Figures,
  discounted?: readonly Discounted[],
): Baseline {
  const beta = 0.6;
  const text = `alpha ${alpha} beta ${beta} k ${k}`;
  return plain('RP3beta', text, rp3beta({ k, alpha, beta }), figures, discounted);
}

function shallow(lambda: number, figures: Figures, discounted: readonly Discounted[]): Baseline {
  return plain('EASE', `lambda ${lambda}`, ease({ lambda }), figures, discounted);
}
