import { performance } from 'node:perf_hooks';
import { handleWhen, isBrokenCircuitError, isTaskCancelledError, type CircuitBreakerPolicy } from 'cockatiel';
import { createBreaker, stateOf, type BreakerState } from '#platform/resilience/circuit-breaker.ts';
import { withDeadline } from '#platform/resilience/with-deadline.ts';
import type { Candidate, FeedQuery } from '../pipeline/component.ts';
import { causeOf } from '../pipeline/left-out.ts';
import { panelVersion, type Panel } from './panel.ts';
import type { AgentVerdict, ScoringAgent, ScoringBatch } from './scoring-agent.ts';

/** What one agent answered, or why it did not. */
export type AgentAnswer =
  | (AnswerTraits & { readonly verdict: AgentVerdict })
  | (AnswerTraits & { readonly verdict: null; readonly cause: string });

interface AnswerTraits {
  readonly agent: ScoringAgent;
  readonly latencyMs: number;
}

/** Told of each answer, and of what an agent threw. */
export interface PanelObserver {
  heard(agent: string, outcome: AgentOutcome, latencyMs: number): void;
  failed(agent: string, error: unknown): void;
}

/** `fallback`: a stand-in answered for a part of the items at least. */
export type AgentOutcome = 'answered' | 'fallback' | 'absent';

/** A panel with the breakers of its agents, which live as long as the process. */
export class ConvenedPanel {
  readonly #panel: Panel;
  readonly #seats: readonly Seat[];
  readonly #observer: PanelObserver;

  constructor(panel: Panel, observer: PanelObserver) {
    this.#panel = panel;
    this.#seats = panel.agents.map((agent) => ({ agent, breaker: createBreaker(isFailure) }));
    this.#observer = observer;
  }

  /** Names agents, versions and weights as they are now. */
  get version(): string {
    return panelVersion(this.#panel);
  }

  /** The agents with the states of their breakers in this process. */
  agents(): { readonly agent: ScoringAgent; readonly breaker: BreakerState }[] {
    return this.#seats.map((seat) => ({ agent: seat.agent, breaker: breakerOf(seat) }));
  }

  /** Has all agents score the candidates side by side; whatever one of them does costs its own answer at most. */
  ask(query: FeedQuery, candidates: readonly Candidate[]): Promise<AgentAnswer[]> {
    return Promise.all(this.#seats.map((seat) => this.#hear(seat, query, candidates)));
  }

  async #hear(seat: Seat, query: FeedQuery, candidates: readonly Candidate[]): Promise<AgentAnswer> {
    const { agent } = seat;
    const start = performance.now();
    const answer = await answerOf(seat, query, candidates).then(
      (verdict) => ({ agent, latencyMs: performance.now() - start, verdict }),
      (error: unknown) => {
        if (!isBrokenCircuitError(error)) this.#observer.failed(agent.name, error);
        const cause = error instanceof VerdictError ? error.message : causeOf(error, agent.deadlineMs);
        return { agent, latencyMs: performance.now() - start, verdict: null, cause };
      },
    );
    this.#observer.heard(agent.name, outcomeOf(answer), answer.latencyMs);
    return answer;
  }
}

interface Seat {
  readonly agent: ScoringAgent;
  readonly breaker: CircuitBreakerPolicy;
}

/** An agent with a breaker of its own answers behind that one alone. */
function breakerOf({ agent, breaker }: Seat): BreakerState {
  return agent.breaker?.() ?? stateOf(breaker);
}

async function answerOf(
  { agent, breaker }: Seat,
  query: FeedQuery,
  candidates: readonly Candidate[],
): Promise<AgentVerdict> {
  const work = async (): Promise<AgentVerdict> => {
    const verdict = await inTime(agent, { query, candidates });
    check(verdict, candidates.length);
    return verdict;
  };
  return agent.breaker === undefined ? breaker.execute(work) : work();
}

/** What is there at once is late for nobody, and needs no timer. */
async function inTime(agent: ScoringAgent, batch: Omit<ScoringBatch, 'signal'>): Promise<AgentVerdict> {
  const deadline = new AbortController();
  const given = agent.score({ ...batch, signal: deadline.signal });
  if (!(given instanceof Promise)) return given;
  try {
    return await withDeadline(agent.deadlineMs, () => given);
  } catch (error) {
    if (isTaskCancelledError(error)) deadline.abort();
    throw error;
  }
}

/** An agent that breaks its promises. */
class VerdictError extends Error {}

/** An agent without an opinion on this feed, which may have one on the next. */
class SilenceError extends VerdictError {}

const isFailure = handleWhen((error) => !(error instanceof SilenceError));

/** @throws VerdictError for scores that no mean can be made of. */
function check({ scores, fallback }: AgentVerdict, count: number): void {
  if (!(scores instanceof Float64Array) || scores.length !== count) {
    throw new VerdictError('gave no score for each item');
  }
  if (fallback !== null && fallback.length !== count)
    throw new VerdictError('gave no fallback for each item');
  let said = 0;
  for (const score of scores) {
    if (Number.isNaN(score)) continue;
    // Rounding may carry a sum of shares a little over 1.
    if (score < 0 || score > 1 + 1e-9) throw new VerdictError('gave a score that is not from 0 to 1');
    said++;
  }
  if (said === 0) throw new SilenceError('had nothing to say of any item');
}

function outcomeOf({ verdict }: AgentAnswer): AgentOutcome {
  if (verdict === null) return 'absent';
  return verdict.fallback?.includes(1) === true ? 'fallback' : 'answered';
}
