import { performance } from 'node:perf_hooks';
import { GraphQLError, type DocumentNode } from 'graphql';
import QuickLRU from 'quick-lru';
import type { Caller } from '#platform/caller/caller.ts';
import { statusOf } from '#platform/errors/http-status.ts';
import { documentLimits } from './document-limits.ts';

/** Tokens of new documents that a caller may send in a second; a thousand take some 4 ms to validate. */
const tokensPerSecond = 1_000;
/** Tokens that a caller may send at once: all the documents of a large frontend, or ten of the largest. */
const mostTokens = 10_000;
/** Callers that are remembered; twice as many at most. */
const maxCallers = 10_000;

interface Budget {
  readonly tokens: number;
  /** When it had them, in ms of the clock. */
  readonly atMs: number;
}

/**
 * Bounds what a caller may have validated of documents that this process has not seen yet, which takes a hundred times as
 * long as to look up one that it has. A key spends of one budget, whomever it acts for.
 */
export class ValidationBudget {
  readonly #now: () => number;
  readonly #budgets = new QuickLRU<string, Budget>({ maxSize: maxCallers });

  /** `now` is in ms of a monotonic clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes the tokens of `document`. @throws GraphQLError `RATE_LIMITED` where the caller has not as many left. */
  spend(caller: Caller, { tokenCount = documentLimits.tokens }: DocumentNode): void {
    const name = nameOf(caller);
    const atMs = this.#now();
    const known = this.#budgets.get(name);
    const tokens =
      known === undefined
        ? mostTokens
        : Math.min(mostTokens, known.tokens + ((atMs - known.atMs) / 1000) * tokensPerSecond);
    if (tokens < tokenCount) throw budgetSpent(Math.ceil((tokenCount - tokens) / tokensPerSecond));
    this.#budgets.set(name, { tokens: tokens - tokenCount, atMs });
  }
}

function nameOf(caller: Caller): string {
  if (caller.key !== null) return `key:${caller.key.id}`;
  return caller.kind === 'user' ? `user:${caller.userId}` : 'anonymous';
}

function budgetSpent(seconds: number): GraphQLError {
  return new GraphQLError(
    'These are too many different documents at once. Send values as variables, so that the document stays the same, or ' +
      `persisted documents. Repeat in ${seconds} s.`,
    {
      extensions: {
        code: 'RATE_LIMITED',
        http: { status: statusOf('RATE_LIMITED'), headers: { 'retry-after': String(seconds) } },
      },
    },
  );
}
