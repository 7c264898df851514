import type { FeedItemResolvers } from '../generated/resolvers.ts';
import { agentScoresOf } from '../reasons/agent-scores.ts';

export const FeedItem: FeedItemResolvers = {
  content: ({ item }) => ({ id: item.id }),
  position: ({ item }) => item.position,
  score: ({ item }) => item.score,
  source: ({ item }) => item.source,
  reason: (parent) => parent,
  agentScores: ({ item, feed }) => agentScoresOf(item, feed.snapshot.scoring),
  isExploration: ({ item }) => item.slot !== null,
  propensity: ({ item }) => item.slot?.propensity ?? null,
};
