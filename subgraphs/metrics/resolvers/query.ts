import { hasScope } from '#platform/caller/caller.ts';
import { businessMetricsOf } from '../business-metrics.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { measureSystemHealth } from '../system-health.ts';

export const queryResolvers: QueryResolvers = {
  systemHealth: (_parent, { window }, { caller, database }) =>
    hasScope(caller, 'dashboard') ? measureSystemHealth(database, window) : null,

  businessMetrics: (_parent, { window, timeZone }, { caller }) =>
    hasScope(caller, 'dashboard') ? businessMetricsOf(window, timeZone ?? 'UTC') : null,
};
