import { requireSubject } from '#platform/caller/require.ts';
import { readEditorialPicks, setEditorialPicks } from '../editorial/editorial-picks.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import { recordInteractions } from '../interactions/record-interactions.ts';
import { followVendor, requireWithinBound, unfollowVendor } from '../profile/follow.ts';
import { eraseUser } from '../privacy/erase-user.ts';
import { linkAnonymous } from '../privacy/link-anonymous.ts';
import { updateProfile } from '../profile/profile.ts';

export const Mutation: MutationResolvers = {
  recordInteractions: async (_root, { input }, { caller, database, clock, boundVendor }) => {
    const reported = input.map(({ feedId = null, position = null, dwellMs = null, ...interaction }) => ({
      ...interaction,
      feedId,
      position,
      dwellMs,
    }));
    const recorded = await recordInteractions(database, requireSubject(caller), reported, {
      now: clock(),
      boundVendor,
    });
    return { ...recorded, rejected: [...recorded.rejected] };
  },
  refreshFeed: async (_root, _args, { caller, feeds }) => ({
    discarded: await feeds.refresh(requireSubject(caller)),
  }),
  updateProfile: async (_root, { input }, { caller, database, profiles }) => {
    const subject = requireSubject(caller);
    await updateProfile(database, subject, input);
    profiles.clear(subject);
    return { user: { id: subject } };
  },
  followVendor: async (_root, { vendorId }, { caller, database, following, boundVendor }) => {
    const subject = requireSubject(caller);
    requireWithinBound(boundVendor, vendorId);
    await followVendor(database, subject, vendorId);
    following.clear(subject);
    return { vendor: { id: vendorId }, following: true };
  },
  unfollowVendor: async (_root, { vendorId }, { caller, database, following, boundVendor }) => {
    const subject = requireSubject(caller);
    requireWithinBound(boundVendor, vendorId);
    await unfollowVendor(database, subject, vendorId);
    following.clear(subject);
    return { vendor: { id: vendorId }, following: false };
  },
  setEditorialPicks: async (_root, { input }, { database, clock, editorial }) => {
    const { region = null, contentIds, until = null } = input;
    await setEditorialPicks(database, { region, contentIds, until });
    editorial.forget();
    const picks = await readEditorialPicks(database, region, { now: clock(), boundVendor: null });
    return { picks: picks.map((id) => ({ id })) };
  },
  linkAnonymous: async (_root, { anonymousId }, context) => ({
    linkedInteractions: await linkAnonymous(context, context.caller, anonymousId),
  }),
  eraseUser: (_root, { id }, context) => eraseUser({ ...context, waitMs: context.erasureWaitMs }, id),
};
