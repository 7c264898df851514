import { performance } from 'node:perf_hooks';
import QuickLRU from 'quick-lru';
import type { Caller, CallerKey } from '#platform/caller/caller.ts';
import { addressBlock } from './address-block.ts';
import { Allowance } from './allowance.ts';
import type { LeaseSource, SubjectKind } from './lease-source.ts';

/** How a caller stands after a request. */
export interface RateLimitState {
  readonly allowed: boolean;
  /** Which limit it is: of two that count, the one with less left. */
  readonly policy: SubjectKind;
  /** Requests in an hour. */
  readonly limit: number;
  /** Requests left, as far as this process knows. */
  readonly remaining: number;
  /** Seconds until the hour ends and all are there again. */
  readonly resetSeconds: number;
}

export interface RateLimiterOptions {
  readonly source: LeaseSource;
  /** Requests in an hour of a user, of an address, and of a key that has no limit of its own; 0 is none. */
  readonly perHour: number;
  /** Requests that are answered before the source is asked again, at most. */
  readonly lease: number;
  /** The own limit of a key, 0 for none; null where it has the common one. */
  readonly keyLimit: (keyId: string) => number | null;
  /** Subjects of a kind that this process remembers; twice as many at most. */
  readonly maxSubjects?: number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/**
 * Counts requests by caller: a user, a key, or the address of an anonymous caller. A key that acts for a user spends of
 * both. Nearly every request is settled by arithmetic in this process; one in `lease` asks the source.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #now: () => number;
  readonly #allowances: Readonly<Record<SubjectKind, QuickLRU<string, Allowance>>>;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    const { maxSubjects = 25_000 } = options;
    this.#allowances = {
      user: new QuickLRU({ maxSize: maxSubjects }),
      key: new QuickLRU({ maxSize: maxSubjects }),
      address: new QuickLRU({ maxSize: maxSubjects }),
    };
  }

  /**
   * Counts `count` requests of `caller`, sent from `address`, unless a limit refuses them; then those that were left are
   * spent. Null where no limit holds. A promise only where the source has to be asked. Never throws.
   */
  take(caller: Caller, address: string, count = 1): RateLimitState | null | Promise<RateLimitState | null> {
    const first = this.#ownAllowance(caller, address);
    const second = caller.kind === 'user' && caller.key !== null ? this.#keyAllowance(caller.key) : null;
    const now = this.#now();
    if (availableOf(first, second, now) >= count) return spend(first, second, count, now);
    return this.#askAndTake(first, second, count);
  }

  async #askAndTake(
    first: Allowance | null,
    second: Allowance | null,
    count: number,
  ): Promise<RateLimitState | null> {
    const { source, lease } = this.#options;
    const counted = [first, second].filter((allowance) => allowance !== null);
    let left = count;
    // Others may be faster and take all of a new lease; then the next one is due.
    for (;;) {
      const now = this.#now();
      const spent = counted.find((allowance) => allowance.isSpent(now));
      if (spent !== undefined) return stateOf(spent, false, now);
      const part = Math.min(left, availableOf(first, second, now));
      const state = spend(first, second, part, now);
      left -= part;
      if (left === 0) return state;
      const due = counted.filter((allowance) => allowance.available(now) === 0);
      await Promise.all(due.map((allowance) => allowance.renew(source, lease, this.#now)));
    }
  }

  #ownAllowance(caller: Caller, address: string): Allowance | null {
    const { perHour } = this.#options;
    if (caller.kind === 'key') return this.#keyAllowance(caller.key);
    if (caller.kind === 'user') return this.#allowance('user', caller.userId, perHour);
    return perHour === 0 ? null : this.#allowance('address', addressBlock(address), perHour);
  }

  #keyAllowance({ id }: CallerKey): Allowance | null {
    return this.#allowance('key', id, this.#options.keyLimit(id) ?? this.#options.perHour);
  }

  #allowance(kind: SubjectKind, id: string, limit: number): Allowance | null {
    if (limit === 0) return null;
    const allowances = this.#allowances[kind];
    const known = allowances.get(id);
    if (known !== undefined) {
      known.limit = limit;
      return known;
    }
    const allowance = new Allowance(kind, id, limit);
    allowances.set(id, allowance);
    return allowance;
  }
}

/** Requests that both allow now. */
function availableOf(first: Allowance | null, second: Allowance | null, nowMs: number): number {
  return Math.min(first?.available(nowMs) ?? Infinity, second?.available(nowMs) ?? Infinity);
}

function spend(
  first: Allowance | null,
  second: Allowance | null,
  count: number,
  nowMs: number,
): RateLimitState | null {
  first?.spend(count);
  second?.spend(count);
  if (first === null) return second === null ? null : stateOf(second, true, nowMs);
  const shown = second !== null && second.remaining < first.remaining ? second : first;
  return stateOf(shown, true, nowMs);
}

function stateOf(allowance: Allowance, allowed: boolean, nowMs: number): RateLimitState {
  return {
    allowed,
    policy: allowance.kind,
    limit: allowance.limit,
    remaining: allowed ? allowance.remaining : 0,
    resetSeconds: allowance.resetSeconds(nowMs),
  };
}
