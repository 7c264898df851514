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
    // The driver's `query` is overloaded: the end is told to a callback, as the pool asks for it, or by a promise.
    // oxlint-disable-next-line typescript/unbound-method
    client.query = new Proxy(client.query, {
      apply: (target, self, args: unknown[]) => {
        this.#statements++;
        const start = performance.now();
        const done = () => this.#histogram.recordValue(Math.round((performance.now() - start) * 1000) + 1);
        const callback = args.at(-1);
        if (typeof callback !== 'function') {
          const result: unknown = Reflect.apply(target, self, args);
          if (result instanceof Promise) result.then(done, done);
          return result;
        }
        const heard = (...outcome: unknown[]): unknown => {
          done();
          return Reflect.apply(callback, undefined, outcome);
        };
        return Reflect.apply(target, self, [...args.slice(0, -1), heard]);
      },
    });
  }
}
