import { badUserInput } from '#platform/errors/request-error.ts';
import { readChanges } from '../catalogue/changes.ts';
import { idSchema } from '../catalogue/entry-rules.ts';
import { readFacet } from '../catalogue/read-facets.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { searchContent } from '../search/search-content.ts';
import { readTrending } from '../search/trending.ts';

const maxIds = 100;

export const Query: QueryResolvers = {
  content: (_root, { id }, { loaders }) => loaders.contents.load(checkId(id)),
  contents: (_root, { ids }, { loaders }) => {
    if (ids.length > maxIds) throw badUserInput(`ids takes at most ${maxIds} ids; these are ${ids.length}.`);
    return Promise.all(ids.map((id) => loaders.contents.load(checkId(id))));
  },
  searchContent: (_root, { text, filter, first, after }, { database, cursors, bound }) =>
    searchContent(database, cursors, { text, filter, first, after: after ?? null, bound }),
  trending: (_root, { filter, first }, { database, bound }) =>
    readTrending(database, { filter, first, bound }),
  vendor: (_root, { id }, { loaders }) => loaders.vendors.load(checkId(id)),
  categories: async (_root, _args, { database, bound }) => {
    const facet = await readFacet(database, 'category', bound);
    return facet.map(({ value, contents }) => ({ slug: value, contentCount: contents }));
  },
  regions: async (_root, _args, { database, bound }) => {
    const facet = await readFacet(database, 'region', bound);
    return facet.map(({ value, contents }) => ({ code: value, contentCount: contents }));
  },
  contentChanges: (_root, { after, first }, { database, cursors, bound }) =>
    readChanges(database, cursors, { after: after ?? null, first, bound }),
};

function checkId(id: string): string {
  const [issue] = idSchema.safeParse(id).error?.issues ?? [];
  if (issue !== undefined) throw badUserInput(`An id ${issue.message}.`);
  return id;
}
