import type { RankingResolvers } from '../generated/resolvers.ts';
import { explorationShare } from '../snapshot/feed-snapshot.ts';

export const Ranking: RankingResolvers = {
  feedId: ({ snapshot }) => snapshot.feedId,
  mode: ({ snapshot }) => snapshot.mode,
  degraded: ({ snapshot }) => [...snapshot.degraded],
  explorationShare: ({ snapshot }) => explorationShare(snapshot),
  generatedAt: ({ snapshot }) => snapshot.generatedAt,
  latencyMs: ({ latencyMs }) => latencyMs,
  stages: ({ snapshot }) => [...snapshot.stages],
  cacheHits: ({ snapshot }) => snapshot.scoring?.cacheHits ?? 0,
  cacheMisses: ({ snapshot }) => snapshot.scoring?.cacheMisses ?? 0,
};
