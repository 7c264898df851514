import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { CircuitBreakerPolicy } from 'cockatiel';
import * as hdr from 'hdr-histogram-js';
import { stateOf } from '../resilience/circuit-breaker.ts';
import { AgentMetrics } from './agent-metrics.ts';
import { ExplorationMetrics } from './exploration-metrics.ts';
import { LanguageModelMetrics } from './language-model-metrics.ts';
import { RequestMetrics } from './request-metrics.ts';

/** What one process counts between two reports. One instance per process, shared by all its parts. */
export class Telemetry {
  /** The same counts since the start of the process. */
  readonly metrics = new RequestMetrics();
  /** Of the panel's agents, in the same registry. */
  readonly agents = new AgentMetrics(this.metrics.registry);
  readonly exploration = new ExplorationMetrics(this.metrics.registry);
  readonly languageModel = new LanguageModelMetrics(this.metrics.registry);
  #latency = newLatencyHistogram();
  #requests = 0;
  #errors = 0;
  #caches = new Map<string, { hits: number; misses: number }>();
  #eventFailures = new Map<string, { setAside: number; skipped: number }>();
  #eventLag: readonly EventLag[] = [];
  #loop: EventLoopUtilization = performance.eventLoopUtilization();

  /** Counts one answered GraphQL request; `durationMs` in ms, `failed` when its answer has an error. */
  recordRequest(durationMs: number, failed: boolean): void {
    this.#requests++;
    if (failed) this.#errors++;
    this.#latency.recordValue(Math.max(1, Math.round(durationMs * 1000)));
    this.metrics.countRequest(durationMs, failed ? 'error' : 'ok');
  }

  /** Counts one look-up in cache tier `tier`, one of a fixed few names. */
  recordCacheRead(tier: string, hit: boolean): void {
    const counts = this.#caches.get(tier) ?? { hits: 0, misses: 0 };
    if (hit) counts.hits++;
    else counts.misses++;
    this.#caches.set(tier, counts);
    this.metrics.countCacheRead(tier, hit ? 'hit' : 'miss');
  }

  /** Counts one event that `consumer` could not handle: kept as a dead letter, or skipped by this process. */
  recordEventFailure(consumer: string, outcome: 'set-aside' | 'skipped'): void {
    const counts = this.#eventFailures.get(consumer) ?? { setAside: 0, skipped: 0 };
    if (outcome === 'set-aside') counts.setAside++;
    else counts.skipped++;
    this.#eventFailures.set(consumer, counts);
    this.metrics.countEventFailure(consumer, outcome);
  }

  /** Shows the state of `breaker`, now and whenever it changes; `component` is one of a fixed few names. */
  watchBreaker(component: string, breaker: CircuitBreakerPolicy): void {
    this.metrics.setBreaker(component, stateOf(breaker));
    breaker.onStateChange(() => this.metrics.setBreaker(component, stateOf(breaker)));
  }

  /** Keeps how far the consumers of this process are behind, until it is measured again. */
  recordEventLag(lag: readonly EventLag[]): void {
    this.#eventLag = lag;
    this.metrics.setEventLag(lag);
  }

  /** Returns the counts since the last call and starts anew. */
  drain(): TelemetryCounts {
    const loop = performance.eventLoopUtilization();
    const counts: TelemetryCounts = {
      requests: this.#requests,
      errors: this.#errors,
      latency: this.#latency,
      caches: [...this.#caches].map(([tier, reads]) => ({ tier, ...reads })),
      eventFailures: [...this.#eventFailures].map(([consumer, failures]) => ({ consumer, ...failures })),
      eventLag: this.#eventLag,
      eventLoopUtilisation: performance.eventLoopUtilization(loop, this.#loop).utilization,
    };
    this.#latency = newLatencyHistogram();
    this.#requests = 0;
    this.#errors = 0;
    this.#caches = new Map();
    this.#eventFailures = new Map();
    this.#loop = loop;
    return counts;
  }
}

/** How far a consumer of events is behind. */
export interface EventLag {
  readonly consumer: string;
  /** Events that wait. */
  readonly waiting: number;
  /** Milliseconds since the oldest of them was raised. */
  readonly oldestMs: number;
}

export interface TelemetryCounts {
  readonly requests: number;
  readonly errors: number;
  /** Microseconds. */
  readonly latency: hdr.Histogram;
  readonly caches: readonly { tier: string; hits: number; misses: number }[];
  readonly eventFailures: readonly { consumer: string; setAside: number; skipped: number }[];
  /** As last measured. */
  readonly eventLag: readonly EventLag[];
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
