import { deleteContents } from '../catalogue/delete-contents.ts';
import { upsertContents } from '../catalogue/upsert-contents.ts';
import { upsertVendors } from '../catalogue/upsert-vendors.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import { forgetReads } from '../loaders.ts';

export const Mutation: MutationResolvers = {
  upsertVendors: async (_root, { input }, { database, bound, loaders }) => {
    const payload = await upsertVendors(database, input, bound);
    forgetReads(loaders);
    return payload;
  },
  upsertContents: async (_root, { input }, { database, bound, loaders }) => {
    const payload = await upsertContents(database, input, bound);
    forgetReads(loaders);
    return payload;
  },
  deleteContents: async (_root, { ids }, { database, bound, loaders }) => {
    const payload = await deleteContents(database, ids, bound);
    forgetReads(loaders);
    return payload;
  },
};
