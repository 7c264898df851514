import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { breakerStates, type BreakerState } from '../resilience/circuit-breaker.ts';

/** Seconds: a local agent takes less than one thousandth, a remote one has until its deadline. */
const latencyBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4];

/** An agent's breaker as it is now. */
export interface AgentBreaker {
  readonly agent: string;
  readonly breaker: BreakerState;
}

/** What the agents of the panel did since the start of the process. Their names are a fixed few. */
export class AgentMetrics {
  readonly #latency: Histogram<'agent'>;
  readonly #answers: Counter<'agent' | 'outcome'>;
  #readBreakers: () => readonly AgentBreaker[] = () => [];

  constructor(registry: Registry) {
    this.#latency = new Histogram({
      name: 'bouquet_agent_duration_seconds',
      help: 'How long an agent took to score the candidates of a feed, or to fail.',
      labelNames: ['agent'],
      buckets: latencyBuckets,
      registers: [registry],
    });
    this.#answers = new Counter({
      name: 'bouquet_agent_answers_total',
      help: 'Rankings by what became of an agent: answered, fallback where a stand-in answered for some items, or absent.',
      labelNames: ['agent', 'outcome'],
      registers: [registry],
    });
    const breakers = new Gauge({
      name: 'bouquet_agent_breaker_state',
      help: "1 for the state of an agent's breaker, 0 for the others: CLOSED, OPEN, HALF_OPEN.",
      labelNames: ['agent', 'state'],
      registers: [registry],
      collect: () => {
        for (const { agent, breaker } of this.#readBreakers()) {
          for (const state of breakerStates) breakers.set({ agent, state }, state === breaker ? 1 : 0);
        }
      },
    });
  }

  countAnswer(agent: string, outcome: 'answered' | 'fallback' | 'absent', durationMs: number): void {
    this.#latency.observe({ agent }, durationMs / 1000);
    this.#answers.inc({ agent, outcome });
  }

  /** Shows the breakers that `read` returns, as they are whenever the metrics are asked for. */
  watchBreakers(read: () => readonly AgentBreaker[]): void {
    this.#readBreakers = read;
  }
}
