import { checkFirst } from '../catalogue/content-page.ts';
import type { ContentResolvers } from '../generated/resolvers.ts';

export const Content: ContentResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.contents.load(id),
  category: ({ category }) => ({ slug: category, contentCount: null }),
  region: ({ region }) => ({ code: region, contentCount: null }),
  tags: ({ tags }) => [...tags],
  vendor: async ({ id, vendorId }, _args, { loaders }) => {
    const vendor = await loaders.vendors.load(vendorId);
    if (vendor === null) throw new Error(`Content ${id} names vendor ${vendorId}, which does not exist.`);
    return vendor;
  },
  stats: async ({ id }, _args, { loaders }) => {
    const stats = await loaders.stats.load(id);
    if (stats === null) throw new Error(`Content ${id} has no statistics row.`);
    return stats;
  },
  similar: ({ id }, { first }, { loaders }) => {
    checkFirst(first);
    return loaders.similar.load({ contentId: id, first });
  },
};
