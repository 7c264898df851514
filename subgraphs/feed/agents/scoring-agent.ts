import type { BreakerState } from '#platform/resilience/circuit-breaker.ts';
import type { Candidate, FeedQuery } from '../pipeline/component.ts';

/** One voice of the panel: scores candidates from 0 to 1. */
export interface ScoringAgent {
  /** A slug, as `discovery`. */
  readonly name: string;
  /** One sentence for an operator. */
  readonly description: string;
  /** Changes whenever the same item could get another score; part of every cache key. */
  readonly version: string;
  readonly kind: AgentKind;
  /** Whom a score holds for: everybody, the user segment, or this user alone. */
  readonly subject: AgentSubject;
  /** Its share in the weighted mean, above 0. */
  readonly weight: number;
  readonly deadlineMs: number;
  /** Of the agent's own breaker; absent: the panel's breaker around `score` counts. */
  readonly breaker?: () => BreakerState;
  /**
   * Scores all of `candidates` at once: a local agent synchronously, a remote one until `signal` aborts.
   * @throws whatever stops it; the panel goes on without it.
   */
  score(batch: ScoringBatch): AgentVerdict | Promise<AgentVerdict>;
}

export type AgentKind = 'LOCAL' | 'LLM' | 'CUSTOM';
export type AgentSubject = 'ITEM' | 'SEGMENT' | 'USER';

export interface ScoringBatch {
  readonly query: FeedQuery;
  readonly candidates: readonly Candidate[];
  /** Aborts at the agent's deadline. */
  readonly signal: AbortSignal;
}

export interface AgentVerdict {
  /** One for each candidate, in their order, 0..1; NaN where the agent has nothing to say of an item. */
  readonly scores: Float64Array;
  /** 1 where a remote agent's local scorer stood in; null where none did. */
  readonly fallback: Uint8Array | null;
  /** Why `fallback` is not all 0, for `degraded`; null where that needs no mention. */
  readonly degraded: string | null;
  /** Scores that came out of a cache, and those that had to be made; absent for an agent without one. */
  readonly cache?: { readonly hits: number; readonly misses: number };
}

/** What separates one subject's scores from another's in a cache and in flight. */
export function subjectKey(
  { subject }: Pick<ScoringAgent, 'subject'>,
  { subject: user, segment }: FeedQuery,
): string {
  if (subject === 'ITEM') return '';
  return subject === 'SEGMENT' ? segment : (user ?? '');
}
