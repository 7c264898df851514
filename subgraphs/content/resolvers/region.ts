import { regionName } from '../catalogue/places.ts';
import type { RegionResolvers } from '../generated/resolvers.ts';

export const Region: RegionResolvers = {
  name: ({ code }) => regionName(code),
  contentCount: ({ code, contentCount }, _args, { loaders }) =>
    contentCount ?? loaders.regionCounts.load(code),
};
