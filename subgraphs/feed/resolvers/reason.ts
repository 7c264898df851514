import { subjectOf } from '#platform/caller/caller.ts';
import type { FeedContext } from '../context.ts';
import type { ReasonResolvers } from '../generated/resolvers.ts';
import { contributionsTo } from '../reasons/contributions.ts';
import { reasonBySource } from '../reasons/reason-finder.ts';
import { reasonSentence } from '../reasons/reason-sentence.ts';
import type { ReasonRecord } from '../pipeline/component.ts';
import type { ReasonParent } from './parents.ts';

export const Reason: ReasonResolvers = {
  kind: (parent) => reasonOf(parent).kind,
  text: async (parent, _args, context) => reasonSentence(reasonOf(parent), await localeOf(context)),
  parameters: (parent) => {
    const { region, category } = reasonOf(parent);
    return [
      ...(region === null ? [] : [{ name: 'region', value: region }]),
      ...(category === null ? [] : [{ name: 'category', value: category }]),
    ];
  },
  contributions: ({ item, feed }) => contributionsTo(item, feed.snapshot.scoring),
};

function reasonOf({ item }: ReasonParent): ReasonRecord {
  return item.explanation?.reason ?? reasonBySource(item.source);
}

/** Of whoever reads, which need not be whose feed it is. */
async function localeOf({ caller, profiles }: FeedContext): Promise<string | null> {
  const reader = subjectOf(caller);
  const own = reader === null ? null : (await profiles.load(reader)).locale;
  return own ?? caller.locale;
}
