import { z } from 'zod';
import type { EventPayload } from '#platform/events/contracts.ts';
import { encodeHistogram, mergeHistograms } from '#platform/telemetry/histogram-text.ts';
import { floorTo, hourMs, minuteMs } from './window.ts';

export type ReportPeriod = 'MINUTE' | 'HOUR';

/** Minutes make a window exact, hours make it quick. */
const periodMs: Record<ReportPeriod, number> = { MINUTE: minuteMs, HOUR: hourMs };

export const cacheReadsSchema = z.array(z.object({ tier: z.string(), hits: z.number(), misses: z.number() }));

export type CacheReads = z.infer<typeof cacheReadsSchema>;

/** What one process reported within one period. */
export interface ProcessReport {
  readonly processId: string;
  readonly period: ReportPeriod;
  readonly startsAt: Date;
  readonly role: string;
  readonly workerId: number;
  readonly coveredFrom: Date;
  readonly coveredTo: Date;
  readonly requests: number;
  readonly errors: number;
  /** HdrHistogram of microseconds; null where empty. */
  readonly requestLatency: string | null;
  readonly caches: CacheReads;
  readonly databaseKind: string;
  readonly connectionsInUse: number;
  readonly connectionsMax: number;
  /** HdrHistogram of microseconds; null where empty. */
  readonly queryLatency: string | null;
  /** 0 to 1. */
  readonly eventLoopUtilisation: number;
  readonly heapUsedBytes: number;
  readonly uptimeSeconds: number;
}

/** The report that an event carries, as part of the minute or hour in which it was made. */
export function toReport(period: ReportPeriod, payload: EventPayload<'process.reported'>): ProcessReport {
  const { database, worker } = payload;
  const coveredTo = new Date(payload.to);
  return {
    processId: payload.processId,
    period,
    startsAt: floorTo(periodMs[period], coveredTo),
    role: payload.role,
    workerId: worker.id,
    coveredFrom: new Date(payload.from),
    coveredTo,
    requests: payload.requests,
    errors: payload.errors,
    requestLatency: payload.latency,
    caches: payload.caches,
    databaseKind: database.kind,
    connectionsInUse: database.connectionsInUse,
    connectionsMax: database.connectionsMax,
    queryLatency: database.latency,
    eventLoopUtilisation: worker.eventLoopUtilisation,
    heapUsedBytes: worker.heapUsedBytes,
    uptimeSeconds: worker.uptimeSeconds,
  };
}

/** One report per process and period: counts add up, gauges are the latest. */
export function mergeReports(reports: readonly ProcessReport[]): ProcessReport[] {
  const groups = Map.groupBy(
    reports,
    ({ processId, period, startsAt }) => `${period} ${startsAt.getTime()} ${processId}`,
  );
  return [...groups.values()].map((group) => {
    const byTime = group.toSorted((a, b) => a.coveredTo.getTime() - b.coveredTo.getTime());
    return byTime.reduce((earlier, later) => ({
      ...later,
      coveredFrom: later.coveredFrom < earlier.coveredFrom ? later.coveredFrom : earlier.coveredFrom,
      requests: earlier.requests + later.requests,
      errors: earlier.errors + later.errors,
      requestLatency: encodeHistogram(mergeHistograms([earlier.requestLatency, later.requestLatency])),
      caches: addCacheReads([...earlier.caches, ...later.caches]),
      queryLatency: encodeHistogram(mergeHistograms([earlier.queryLatency, later.queryLatency])),
    }));
  });
}

/** Hits and misses per tier, ordered by name. */
export function addCacheReads(reads: CacheReads): CacheReads {
  return [...Map.groupBy(reads, ({ tier }) => tier)]
    .map(([tier, group]) => ({
      tier,
      hits: group.reduce((sum, { hits }) => sum + hits, 0),
      misses: group.reduce((sum, { misses }) => sum + misses, 0),
    }))
    .toSorted((a, b) => (a.tier < b.tier ? -1 : 1));
}
