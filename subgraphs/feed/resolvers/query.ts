import { subjectOf } from '#platform/caller/caller.ts';
import { readEditorialPicks } from '../editorial/editorial-picks.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { isId } from '../identifiers.ts';
import { readErasure } from '../privacy/erase-user.ts';
import { exportUser } from '../privacy/export-user.ts';
import { readFeed } from './read-feed.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Rows of one part of an export: some megabytes of JSON. */
const exportPartSize = 10_000;

export const Query: QueryResolvers = {
  feed: (_root, args, context) => readFeed(context, subjectOf(context.caller), args),
  me: (_root, _args, { caller }) => (caller.kind === 'user' ? { id: caller.userId } : null),
  user: (_root, { id }) => (isId(id) ? { id } : null),
  agents: (_root, _args, { panel }) =>
    panel.agents().map(({ agent, breaker }) => ({
      name: agent.name,
      description: agent.description,
      kind: agent.kind,
      subject: agent.subject,
      weight: agent.weight,
      deadlineMs: agent.deadlineMs,
      breaker,
    })),
  editorialPicks: async (_root, { region = null }, { database, clock, boundVendor }) =>
    (await readEditorialPicks(database, region, { now: clock(), boundVendor })).map((id) => ({ id })),
  exportUser: (_root, { id, after }, context) =>
    exportUser({ ...context, partSize: exportPartSize }, id, after ?? null),
  erasure: (_root, { requestId }, { database }) =>
    uuid.test(requestId) ? readErasure(database, requestId) : null,
};
