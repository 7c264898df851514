import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import * as hdr from 'hdr-histogram-js';

/** What one process counts between two reports. One instance per process, shared by all its parts. */
export class Telemetry {
  #latency = newLatencyHistogram();
  #requests = 0;
  #errors = 0;
  #caches = new Map<string, { hits: number; misses: number }>();
  #loop: EventLoopUtilization = performance.eventLoopUtilization();

  /** Counts one answered GraphQL request; `durationMs` in ms, `failed` when its answer has an error. */
  recordRequest(durationMs: number, failed: boolean): void {
    this.#requests++;
    if (failed) this.#errors++;
    this.#latency.recordValue(Math.max(1, Math.round(durationMs * 1000)));
  }

  /** Counts one look-up in cache tier `tier`, one of a fixed few names. */
  recordCacheRead(tier: string, hit: boolean): void {
    const counts = this.#caches.get(tier) ?? { hits: 0, misses: 0 };
    if (hit) counts.hits++;
    else counts.misses++;
    this.#caches.set(tier, counts);
  }

  /** Returns the counts since the last call and starts anew. */
  drain(): TelemetryCounts {
    const loop = performance.eventLoopUtilization();
    const counts: TelemetryCounts = {
      requests: this.#requests,
      errors: this.#errors,
      latency: this.#latency,
      caches: [...this.#caches].map(([tier, reads]) => ({ tier, ...reads })),
      eventLoopUtilisation: performance.eventLoopUtilization(loop, this.#loop).utilization,
    };
    this.#latency = newLatencyHistogram();
    this.#requests = 0;
    this.#errors = 0;
    this.#caches = new Map();
    this.#loop = loop;
    return counts;
  }
}

export interface TelemetryCounts {
  readonly requests: number;
  readonly errors: number;
  /** Microseconds. */
  readonly latency: hdr.Histogram;
  readonly caches: readonly { tier: string; hits: number; misses: number }[];
  /** 0..1 */
  readonly eventLoopUtilisation: number;
}

/** A mergeable histogram of microseconds from 1 µs to 60 s, two significant digits. */
export function newLatencyHistogram(): hdr.Histogram {
  return hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 2,
    autoResize: true,
  });
}
