import { categoryName } from '../catalogue/places.ts';
import type { CategoryResolvers } from '../generated/resolvers.ts';

export const Category: CategoryResolvers = {
  name: ({ slug }) => categoryName(slug),
  contentCount: ({ slug, contentCount }, _args, { loaders }) =>
    contentCount ?? loaders.categoryCounts.load(slug),
};
