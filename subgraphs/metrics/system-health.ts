import type { Histogram } from 'hdr-histogram-js';
import type { Database } from '#platform/database/database.ts';
import { mergeHistograms } from '#platform/telemetry/histogram-text.ts';
import { addCacheReads, type ProcessReport } from './process-reports.ts';
import { readMinutesSince, readReportsSince } from './process-report-store.ts';
import { minuteMs, spanOf, type Span, type Window } from './window.ts';

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

export interface SystemHealth {
  readonly window: Window;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly errorRate: number;
  readonly latency: Latency;
  readonly caches: readonly { tier: string; hits: number; misses: number; hitRate: number | null }[];
  readonly database: {
    readonly kind: string;
    readonly connectionsInUse: number;
    readonly connectionsMax: number;
    readonly queryLatency: Latency;
  };
  readonly workers: readonly {
    readonly worker: number;
    readonly eventLoopUtilisation: number;
    readonly heapUsedBytes: number;
    readonly uptimeSeconds: number;
  }[];
}

/** A process that has not reported for so long is taken for gone; an idle one reports every minute. */
const aliveMs = 2 * minuteMs;

/** GraphQL's Int ends here. */
const largestInt = 2 ** 31 - 1;

/** What all processes reported in `window`, together, and how those that live are. */
export async function measureSystemHealth(
  database: Database,
  window: Window,
  now = new Date(),
): Promise<SystemHealth> {
  const span = spanOf(window, now);
  const reports = await readReportsSince(database, span.from);
  // A report that is alive belongs to one of the last three minutes.
  const recent = await readMinutesSince(database, new Date(now.getTime() - aliveMs - minuteMs));
  const living = latestOfEach(recent).filter(
    ({ coveredTo }) => now.getTime() - coveredTo.getTime() <= aliveMs,
  );
  const requests = sum(reports, (report) => report.requests);
  const seconds = coveredSeconds(reports, span);
  return {
    window,
    requests: Math.min(requests, largestInt),
    requestsPerSecond: seconds === 0 ? 0 : requests / seconds,
    errorRate: requests === 0 ? 0 : sum(reports, (report) => report.errors) / requests,
    latency: latencyOf(mergeHistograms(reports.map((report) => report.requestLatency))),
    caches: addCacheReads(reports.flatMap((report) => report.caches)).map(({ tier, hits, misses }) => ({
      tier,
      hits: Math.min(hits, largestInt),
      misses: Math.min(misses, largestInt),
      hitRate: hits + misses === 0 ? null : hits / (hits + misses),
    })),
    database: {
      kind: database.kind,
      connectionsInUse: sum(living, (report) => report.connectionsInUse),
      connectionsMax: sum(living, (report) => report.connectionsMax),
      queryLatency: latencyOf(mergeHistograms(reports.map((report) => report.queryLatency))),
    },
    workers: living
      .toSorted((a, b) => a.workerId - b.workerId)
      .map(({ workerId: worker, eventLoopUtilisation, heapUsedBytes, uptimeSeconds }) => ({
        worker,
        eventLoopUtilisation,
        heapUsedBytes,
        uptimeSeconds,
      })),
  };
}

function latestOfEach(reports: readonly ProcessReport[]): ProcessReport[] {
  const latest = new Map<string, ProcessReport>();
  for (const report of reports) {
    const known = latest.get(report.processId);
    if (known === undefined || report.coveredTo > known.coveredTo) latest.set(report.processId, report);
  }
  return [...latest.values()];
}

/** The length of the part of `span` in which at least one process was measured. */
function coveredSeconds(reports: readonly ProcessReport[], span: Span): number {
  let covered = 0;
  let end = span.from.getTime();
  for (const report of reports.toSorted((a, b) => a.coveredFrom.getTime() - b.coveredFrom.getTime())) {
    const from = Math.max(report.coveredFrom.getTime(), end);
    const to = Math.min(report.coveredTo.getTime(), span.to.getTime());
    if (to > from) covered += to - from;
    end = Math.max(end, to);
  }
  return covered / 1000;
}

function latencyOf(microseconds: Histogram): Latency {
  const percentile = (share: number): number =>
    microseconds.totalCount === 0 ? 0 : microseconds.getValueAtPercentile(share) / 1000;
  return { p50Ms: percentile(50), p99Ms: percentile(99), p999Ms: percentile(99.9) };
}

function sum(reports: readonly ProcessReport[], pick: (report: ProcessReport) => number): number {
  return reports.reduce((total, report) => total + pick(report), 0);
}
