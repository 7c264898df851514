import type { ArmEvidence, ArmItem, Counts, ItemEvidence } from './arm-evidence.ts';
import type { Beta } from './beta.ts';
import { dispersionOf, drawnTowards, spreadAfter, type DispersionPrior } from './dispersion.ts';

/** Before anything was seen: one impression of twenty is rewarded, as sure as twenty impressions make. */
const beforeAnything = { trials: 20, successes: 1 } as const satisfies Counts;

/** How far each level is from the one above, before anything was seen. */
const dispersions = {
  categories: { rho: 0.01, weight: 200 },
  vendors: { rho: 0.01, weight: 200 },
  items: { rho: 0.02, weight: 200 },
  segments: { rho: 0.005, weight: 200 },
} as const satisfies Readonly<Record<string, DispersionPrior>>;

const nothing: Counts = { trials: 0, successes: 0 };

/** Keeps a rate off 0 and 1, where a Beta ends. */
function asRate(value: number): number {
  return Math.min(0.999, Math.max(1e-5, value));
}

/**
 * What is believed of each item in each user segment. The prior of an item is hierarchical, each level drawn towards the one
 * above by a strength that is matched to how much the level differs and to how little is known of it (moments, `dispersionOf`):
 *
 * all items → category → vendor (as a ratio to its categories) → item in the other segments (times the segment's own
 * ratio) → item in this segment.
 *
 * Strengths and means above the item are those of the last `pool`; what is seen of an item counts at once.
 */
export class Posteriors {
  readonly #evidence: ArmEvidence;
  #levels: Levels;

  constructor(evidence: ArmEvidence) {
    this.#evidence = evidence;
    this.#levels = levelsOf(evidence);
  }

  /** Has what is known of categories, vendors, segments and strengths follow the evidence. */
  pool(): void {
    this.#levels = levelsOf(this.#evidence);
  }

  /** The posterior of `item` in `segment`. */
  of(segment: string, item: ArmItem): Beta {
    const seen = this.#evidence.of(item.id);
    const own = seen?.segments.get(segment) ?? nothing;
    const elsewhere = seen === undefined ? nothing : less(seen, own);
    const above = priorOf(this.#levels, item);
    const parent = drawnTowards(above.mean, above.spread, elsewhere);
    const mean = asRate(parent * (this.#levels.ofSegment.get(segment)?.value ?? 1));
    const strength = 1 / Math.min(0.5, spreadAfter(above.spread, elsewhere) + this.#levels.segments) - 1;
    return {
      alpha: strength * mean + own.successes,
      beta: strength * (1 - mean) + own.trials - own.successes,
    };
  }

  /** Impressions of an item in `segment`. */
  trials(segment: string, id: string): number {
    return this.#evidence.of(id)?.segments.get(segment)?.trials ?? 0;
  }
}

/** A rate, or a ratio of rates, and how little is sure of it: its variance is m(1 − m) · spread, m the rate. */
interface Known {
  readonly value: number;
  readonly spread: number;
}

/** The levels above an item, and the dispersions of items and segments. */
interface Levels {
  readonly overall: number;
  /** Rates over that of all items. */
  readonly ofCategory: ReadonlyMap<string, Known>;
  /** A vendor's rate over that of its categories. */
  readonly ofVendor: ReadonlyMap<string, Known>;
  /** A segment's rate over that of the items that it was shown. */
  readonly ofSegment: ReadonlyMap<string, Known>;
  readonly items: number;
  readonly segments: number;
}

interface Sum {
  trials: number;
  successes: number;
  /** Successes that the level above expects. */
  expected: number;
}

function levelsOf(evidence: ArmEvidence): Levels {
  const seen = [...evidence.all()];
  const total = sumOf(seen);
  const overall = (total.successes + beforeAnything.successes) / (total.trials + beforeAnything.trials);
  const ofCategory = ratios(
    groups(
      seen,
      ({ item }) => item.category,
      () => overall,
    ),
    dispersions.categories,
  );
  const byCategory = ({ item }: ItemEvidence): number =>
    asRate(overall * (ofCategory.get(item.category)?.value ?? 1));
  const ofVendor = ratios(
    groups(seen, ({ item }) => item.vendorId, byCategory),
    dispersions.vendors,
  );
  const above = { overall, ofCategory, ofVendor };
  const items = dispersionOf(
    seen.map((one) => ({ ...less(one, nothing), expected: priorMean(above, one.item) })),
    dispersions.items,
  );
  const bySegment = seen.flatMap((one) => {
    const { mean, spread } = priorOf({ ...above, items }, one.item);
    const expected = asRate(drawnTowards(mean, spread, one));
    return [...one.segments].map(([segment, counts]) => ({ segment, ...counts, expected }));
  });
  const ofSegment = ratios(
    groups(
      bySegment,
      ({ segment }) => segment,
      ({ expected }) => expected,
    ),
    dispersions.segments,
  );
  const segments = dispersionOf(
    bySegment.map((one) => ({
      ...one,
      expected: asRate(one.expected * (ofSegment.get(one.segment)?.value ?? 1)),
    })),
    dispersions.segments,
  );
  return { ...above, ofSegment, items, segments };
}

type Above = Pick<Levels, 'overall' | 'ofCategory' | 'ofVendor'>;

function priorMean({ overall, ofCategory, ofVendor }: Above, { category, vendorId }: ArmItem): number {
  return asRate(overall * (ofCategory.get(category)?.value ?? 1) * (ofVendor.get(vendorId)?.value ?? 1));
}

/** What is believed of an item before it was seen: variances of the levels add up, as those of a product of ratios do. */
function priorOf(
  levels: Above & Pick<Levels, 'items'>,
  item: ArmItem,
): { readonly mean: number; readonly spread: number } {
  const category = levels.ofCategory.get(item.category)?.spread ?? dispersions.categories.rho;
  const vendor = levels.ofVendor.get(item.vendorId)?.spread ?? dispersions.vendors.rho;
  return { mean: priorMean(levels, item), spread: Math.min(0.5, levels.items + category + vendor) };
}

function groups<T extends Counts>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  expectedOf: (row: T) => number,
): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    const key = keyOf(row);
    const sum = sums.get(key) ?? { trials: 0, successes: 0, expected: 0 };
    sum.trials += row.trials;
    sum.successes += row.successes;
    sum.expected += row.trials * expectedOf(row);
    sums.set(key, sum);
  }
  return sums;
}

/** Each group's rate over what is expected of it, drawn towards 1. */
function ratios(sums: ReadonlyMap<string, Sum>, prior: DispersionPrior): Map<string, Known> {
  const rows = [...sums].flatMap(([key, sum]) =>
    sum.trials > 0 ? [{ ...sum, key, expected: asRate(sum.expected / sum.trials) }] : [],
  );
  const rho = dispersionOf(rows, prior);
  return new Map(
    rows.map((row) => [
      row.key,
      { value: drawnTowards(row.expected, rho, row) / row.expected, spread: spreadAfter(rho, row) },
    ]),
  );
}

function sumOf(rows: readonly Counts[]): Counts {
  let [trials, successes] = [0, 0];
  for (const row of rows) {
    trials += row.trials;
    successes += row.successes;
  }
  return { trials, successes };
}

/** What is left of `whole` without `part`; never below 0, whatever rounding does. */
function less(whole: Counts, part: Counts): Counts {
  const trials = Math.max(0, whole.trials - part.trials);
  return { trials, successes: Math.min(trials, Math.max(0, whole.successes - part.successes)) };
}
