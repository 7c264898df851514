import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { breakerStates, type BreakerState } from '../resilience/circuit-breaker.ts';
import type { EventLag } from './telemetry.ts';

/** Seconds. Design, chapter 8: fine around the targets of 300 ms and 500 ms. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2.5, 5];

/**
 * What one process counts since its start, for Prometheus. The values of each label are a fixed few: never an id of a
 * user or of a request, nor the name of an operation that a client chose.
 */
export class RequestMetrics {
  readonly registry = new Registry();
  readonly #durations = new Histogram({
    name: 'bouquet_request_duration_seconds',
    help: 'GraphQL requests answered, by outcome: ok, or error where the answer has one.',
    labelNames: ['outcome'],
    buckets: durationBuckets,
    registers: [this.registry],
  });
  readonly #cacheReads = new Counter({
    name: 'bouquet_cache_reads_total',
    help: 'Look-ups in a cache tier, by result: hit or miss.',
    labelNames: ['tier', 'result'],
    registers: [this.registry],
  });
  readonly #eventFailures = new Counter({
    name: 'bouquet_event_failures_total',
    help: 'Events that a consumer could not handle, by what became of them: set-aside or skipped.',
    labelNames: ['consumer', 'outcome'],
    registers: [this.registry],
  });
  readonly #eventsWaiting = new Gauge({
    name: 'bouquet_events_waiting',
    help: 'Events that a consumer has not handled yet, as last measured.',
    labelNames: ['consumer'],
    registers: [this.registry],
  });
  readonly #eventLag = new Gauge({
    name: 'bouquet_event_lag_seconds',
    help: 'Age of the oldest event that waits for a consumer, as last measured.',
    labelNames: ['consumer'],
    registers: [this.registry],
  });

  readonly #breakers = new Gauge({
    name: 'bouquet_breaker_state',
    help: '1 for the state of the breaker before a source, a hydrator or a dependency, 0 for the others.',
    labelNames: ['component', 'state'],
    registers: [this.registry],
  });

  /** `component` is one of a fixed few. */
  setBreaker(component: string, current: BreakerState): void {
    for (const state of breakerStates) this.#breakers.set({ component, state }, state === current ? 1 : 0);
  }

  countRequest(durationMs: number, outcome: 'ok' | 'error'): void {
    this.#durations.observe({ outcome }, durationMs / 1000);
  }

  countCacheRead(tier: string, result: 'hit' | 'miss'): void {
    this.#cacheReads.inc({ tier, result });
  }

  countEventFailure(consumer: string, outcome: 'set-aside' | 'skipped'): void {
    this.#eventFailures.inc({ consumer, outcome });
  }

  setEventLag(lag: readonly EventLag[]): void {
    for (const { consumer, waiting, oldestMs } of lag) {
      this.#eventsWaiting.set({ consumer }, waiting);
      this.#eventLag.set({ consumer }, oldestMs / 1000);
    }
  }
}
