import { Random } from '../../cli/seed/random.ts';
import type { Arm, WorldSize } from './world.ts';

/** Parts of a log-odds that add up: of segments, and of arms by category, vendor and the item itself. */
export interface Effects {
  readonly arms: readonly Arm[];
  readonly ofSegment: Float64Array;
  /** Category, vendor and item together, by arm. */
  readonly ofArm: Float64Array;
}

/** Standard deviations of the effects. */
const deviations = { segment: 0.3, category: 0.4, vendor: 0.4, item: 0.4 };

/** Streams of one seed, so that a draw more in one part of a world changes no other. */
const streams = { effects: 101, visitors: 102 };

/** Normal effects with mean 0; an arm has the category arm mod categories, and a vendor by chance. */
export function drawEffects(
  seed: number,
  { segments, arms: count, categories, vendors }: WorldSize,
): Effects {
  const random = new Random(seed, streams.effects);
  const draw = (length: number, deviation: number): Float64Array =>
    Float64Array.from({ length }, () => deviation * random.normal());
  const ofSegment = draw(segments, deviations.segment);
  const ofCategory = draw(categories, deviations.category);
  const ofVendor = draw(vendors, deviations.vendor);
  const ofItem = draw(count, deviations.item);
  const places = Array.from({ length: count }, (_, arm) => ({
    category: arm % categories,
    vendor: random.below(vendors),
  }));
  return {
    arms: places.map(({ category, vendor }, arm) => ({
      id: `arm-${arm}`,
      category: `category-${category}`,
      vendorId: `vendor-${vendor}`,
    })),
    ofSegment,
    ofArm: ofItem.map(
      (effect, arm) =>
        effect + (ofCategory[places[arm]?.category ?? 0] ?? 0) + (ofVendor[places[arm]?.vendor ?? 0] ?? 0),
    ),
  };
}

/** The segment of each round's visitor, all alike likely; what a round draws depends on nothing but seed and round. */
export function segmentOf(seed: number, round: number, segments: number): number {
  return new Random(seed ^ Math.imul(round + 1, 0x9e3779b1), streams.visitors).below(segments);
}
