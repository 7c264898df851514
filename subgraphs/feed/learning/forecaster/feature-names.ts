/** What a forecast is made of, in this order: the parts of a score, each 0..1; see docs/reference/ranking.md. */
export const featureNames = [
  'neighbours',
  'vendorNeighbours',
  'vectors',
  'tags',
  'vendor',
  'popularity',
  'followed',
  'editorial',
  'freshness',
  'quality',
] as const;

export type FeatureName = (typeof featureNames)[number];
