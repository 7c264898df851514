import {
  diversitySelector,
  type DiversityOptions,
} from '../../subgraphs/feed/selectors/diversity-selector.ts';
import type { Selector } from '../../subgraphs/feed/pipeline/component.ts';
import { servedDiversity } from '../../subgraphs/feed/pipeline.ts';

/** Another order of the same ranking, to see what a rule costs. */
export interface Order {
  readonly name: string;
  /** Absent: as the pipeline has it. */
  readonly options?: DiversityOptions;
}

const noCaps = { vendorCap: Infinity, categoryCap: Infinity };

export const servedOrder: Order = { name: 'with MMR and caps' };

/** Relevance weighed against diversity, without caps. */
export const mmrOrders: readonly Order[] = [
  0.9,
  0.8,
  0.7,
  0.65,
  0.6,
  servedDiversity.lambda,
  0.5,
  0.45,
  0.4,
].map((lambda) => ({ name: `MMR λ ${lambda}, no caps`, options: { ...servedDiversity, ...noCaps, lambda } }));

/** MMR as it is served, without caps. */
export const mmrAlone = `MMR λ ${servedDiversity.lambda}, no caps`;

/** Caps in the order of the score. */
export const capOrders: readonly Order[] = [
  ...[2, 3, 4].map((vendorCap) => ({
    name: `at most ${vendorCap} of a vendor in 20`,
    options: { ...servedDiversity, ...noCaps, lambda: 1, vendorCap },
  })),
  {
    name: `at most ${servedDiversity.categoryCap} of a category in 20`,
    options: { ...servedDiversity, lambda: 1, vendorCap: Infinity },
  },
];

/** The selectors of an order; undefined for the pipeline's own. */
export function selectorsOf({ options }: Order): readonly Selector[] | undefined {
  return options === undefined ? undefined : [diversitySelector(options)];
}
