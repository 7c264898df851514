import { businessMetricsOf } from '../business-metrics.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { measureSystemHealth } from '../system-health.ts';

export const queryResolvers: QueryResolvers = {
  systemHealth: (_parent, { window }, { database }) => measureSystemHealth(database, window),

  businessMetrics: (_parent, { window, timeZone }) => businessMetricsOf(window, timeZone ?? 'UTC'),
};
