import { performance } from 'node:perf_hooks';
import type { Histogram } from 'hdr-histogram-js';
import type pg from 'pg';
import { newLatencyHistogram } from '../telemetry/telemetry.ts';

/** Times every statement that leaves the pool, in microseconds, in a mergeable histogram. */
export class QueryTimer {
  #histogram = newLatencyHistogram();
  #statements = 0;

  constructor(pool: pg.Pool) {
    pool.on('connect', (client) => this.#time(client));
  }

  /** Statements sent by this process so far. */
  get statements(): number {
    return this.#statements;
  }

  /** Returns the histogram since the last call and starts a new one. */
  drain(): Histogram {
    const drained = this.#histogram;
    this.#histogram = newLatencyHistogram();
    return drained;
  }

  #time(client: pg.PoolClient): void {
    // The driver's `query` is overloaded; `this` and the arguments pass through untouched, only a promise is timed.
    // oxlint-disable-next-line typescript/unbound-method
    client.query = new Proxy(client.query, {
      apply: (target, self, args) => {
        this.#statements++;
        const start = performance.now();
        const result: unknown = Reflect.apply(target, self, args);
        if (result instanceof Promise) {
          const done = () => this.#histogram.recordValue(Math.round((performance.now() - start) * 1000) + 1);
          result.then(done, done);
        }
        return result;
      },
    });
  }
}
