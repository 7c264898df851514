import {
  countActiveUsers,
  measureRetention,
  measureSaveRate,
  measureSessions,
  measureVendorDiscovery,
} from '../business-figures.ts';
import { lastDays } from '../business-metrics.ts';
import type { BusinessMetricsResolvers, RetentionResolvers } from '../generated/resolvers.ts';
import { measureNps } from '../nps.ts';

export const businessMetricsResolvers: BusinessMetricsResolvers = {
  dailyActiveUsers: (metrics, _args, { database }) => countActiveUsers(database, lastDays(metrics, 1)),
  monthlyActiveUsers: (metrics, _args, { database }) => countActiveUsers(database, lastDays(metrics, 30)),
  sessions: async ({ span }, _args, { database }) => (await measureSessions(database, span)).sessions,
  medianSessionSeconds: async ({ span }, _args, { database }) =>
    (await measureSessions(database, span)).medianSeconds,
  retention: (metrics) => metrics,
  saveRate: ({ span }, _args, { database }) => measureSaveRate(database, span),
  vendorDiscoveryRate: ({ span }, _args, { database }) => measureVendorDiscovery(database, span),
  nps: ({ span }, _args, { database }) => measureNps(database, span),
};

export const retentionResolvers: RetentionResolvers = {
  d1: ({ dayStarts, days }, _args, { database }) =>
    measureRetention(database, dayStarts, { days, daysAfter: 1 }),
  d7: ({ dayStarts, days }, _args, { database }) =>
    measureRetention(database, dayStarts, { days, daysAfter: 7 }),
  d30: ({ dayStarts, days }, _args, { database }) =>
    measureRetention(database, dayStarts, { days, daysAfter: 30 }),
};
