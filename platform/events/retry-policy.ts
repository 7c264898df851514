/** Failed tries after which a batch is bisected, and after which an event that fails alone is set aside. */
const maxTries = 3;

/** Milliseconds between two tries at most: of work that fails by itself, and of work whose surroundings fail. */
const longestRestMs = { work: 5000, surroundings: 30_000 };

/** What to do after a failed batch. */
export type NextStep =
  | { readonly kind: 'rest'; readonly ms: number }
  | { readonly kind: 'retry-smaller' }
  | { readonly kind: 'set-aside'; readonly eventId: bigint; readonly history: FailureHistory };

interface FailureHistory {
  /** Failed tries, in whatever company. */
  readonly attempts: number;
  readonly firstFailedAt: Date;
}

/**
 * Finds the event that makes batches fail. A batch is tried three times with growing rests, then smaller: what comes
 * before the event passes by itself, until the event is alone and fails three times more. Where the surroundings fail,
 * batches become smaller too, since a deadline may be the cause, but nothing is ever set aside.
 */
export class RetryPolicy {
  readonly #fullBatch: number;
  readonly #pollMs: number;
  #limit: number;
  /** Failed tries before the search begins. */
  #tries = 0;
  /** How many of the next events are known to hold one that fails. */
  #suspects = 0;
  /** Failed tries of the one event alone. */
  #alone: { readonly eventId: bigint; tries: number } | null = null;
  #rests = 0;
  #history = new Map<bigint, FailureHistory>();

  constructor({ fullBatch, pollMs }: { fullBatch: number; pollMs: number }) {
    this.#fullBatch = fullBatch;
    this.#limit = fullBatch;
    this.#pollMs = pollMs;
  }

  /** How many events the next batch may hold. */
  get limit(): number {
    return this.#limit;
  }

  /** A batch of `passed` events went through. */
  succeeded(passed: number): void {
    this.#rests = 0;
    this.#tries = 0;
    this.#moveOn(passed);
  }

  /** The event is out of the way. Rests go on growing: where one after the other fails, the handler may be at fault. */
  wasSetAside(): void {
    this.#moveOn(1);
  }

  /** `eventIds` is what the batch held; empty where it failed before that was known. */
  failed({ eventIds, transient }: { eventIds: readonly bigint[]; transient: boolean }): NextStep {
    this.#remember(eventIds);
    const [first] = eventIds;
    if (first === undefined) return this.#rest(transient);
    if (eventIds.length > 1) {
      this.#alone = null;
      this.#tries++;
      if (this.#limit === this.#fullBatch && this.#tries < maxTries) return this.#rest(transient);
      this.#suspects = eventIds.length;
      this.#limit = Math.ceil(this.#suspects / 2);
      return transient ? this.#rest(true) : { kind: 'retry-smaller' };
    }
    if (transient) return this.#rest(true);
    if (this.#alone?.eventId !== first) this.#alone = { eventId: first, tries: 0 };
    this.#alone.tries++;
    if (this.#alone.tries < maxTries) return this.#rest(false);
    const history = this.#history.get(first) ?? { attempts: maxTries, firstFailedAt: new Date() };
    return { kind: 'set-aside', eventId: first, history };
  }

  #moveOn(passed: number): void {
    this.#alone = null;
    this.#suspects = Math.max(0, this.#suspects - passed);
    if (this.#limit === this.#fullBatch) this.#history.clear();
    this.#limit =
      this.#suspects > 0 ? Math.ceil(this.#suspects / 2) : Math.min(this.#limit * 2, this.#fullBatch);
  }

  #rest(transient: boolean): NextStep {
    const longest = transient ? longestRestMs.surroundings : longestRestMs.work;
    this.#rests++;
    return { kind: 'rest', ms: Math.min(this.#pollMs * 2 ** this.#rests, longest) };
  }

  /** Keeps how often each event of the batch has failed, in whatever company. */
  #remember(eventIds: readonly bigint[]): void {
    const now = new Date();
    const earlier = this.#history;
    // What stood behind a batch that became smaller is still waiting; what no batch can hold any more is forgotten.
    const first = eventIds[0] ?? 0n;
    this.#history = new Map(
      [...earlier].filter(([eventId]) => eventId >= first).slice(0, 2 * this.#fullBatch),
    );
    for (const eventId of eventIds) {
      const { attempts, firstFailedAt } = earlier.get(eventId) ?? { attempts: 0, firstFailedAt: now };
      this.#history.set(eventId, { attempts: attempts + 1, firstFailedAt });
    }
  }
}
