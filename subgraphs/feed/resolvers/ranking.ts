import { hasScope } from '#platform/caller/caller.ts';
import type { RankingResolvers } from '../generated/resolvers.ts';

export const Ranking: RankingResolvers = {
  feedId: ({ snapshot }) => snapshot.feedId,
  mode: ({ snapshot }) => snapshot.mode,
  degraded: ({ snapshot }) => [...snapshot.degraded],
  generatedAt: ({ snapshot }) => snapshot.generatedAt,
  latencyMs: ({ latencyMs }) => latencyMs,
  stages: ({ snapshot }, _args, { caller }) => (hasScope(caller, 'dashboard') ? [...snapshot.stages] : null),
};
