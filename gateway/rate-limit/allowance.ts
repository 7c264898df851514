import { createHash } from 'node:crypto';
import { windowSeconds, type LeaseSource, type SubjectHash, type SubjectKind } from './lease-source.ts';

/** How long a refusal holds before the source is asked anew, in ms: Redis may be back, or a limit lifted. */
const refusalMs = 5_000;

/** What one subject may still do in this process. Times are ms of one monotonic clock. */
export class Allowance {
  readonly kind: SubjectKind;
  readonly #subject: SubjectHash;
  #limit: number;
  /** Requests that may be answered without asking. */
  #points = 0;
  /** Requests answered since the last lease. */
  #used = 0;
  #remaining = 0;
  #endsAtMs = 0;
  #refusedUntilMs = 0;
  #renewal: Promise<void> | null = null;

  constructor(kind: SubjectKind, id: string, limit: number) {
    this.kind = kind;
    this.#subject = `${kind}:${createHash('sha256').update(`${kind}:${id}`).digest('base64url')}`;
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Another limit than before holds from the next lease on, which is due at once. */
  set limit(limit: number) {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#points = 0;
    this.#refusedUntilMs = 0;
  }

  /** Requests that may be answered now, without asking. */
  available(nowMs: number): number {
    return nowMs < this.#endsAtMs ? this.#points : 0;
  }

  /** Whether the source has nothing left for this subject. */
  isSpent(nowMs: number): boolean {
    return this.#points === 0 && nowMs < this.#refusedUntilMs;
  }

  /** Counts `count` requests, as many as are available at most. */
  spend(count: number): void {
    this.#points -= count;
    this.#used += count;
  }

  /** Requests left, as far as this process knows. */
  get remaining(): number {
    return Math.max(this.#remaining - this.#used, 0);
  }

  /** Seconds until the window ends, rounded up. */
  resetSeconds(nowMs: number): number {
    return Math.min(Math.max(Math.ceil((this.#endsAtMs - nowMs) / 1000), 0), windowSeconds);
  }

  /** Takes the next lease of at most `wanted` requests. Whoever asks meanwhile waits for the same one. */
  renew(source: LeaseSource, wanted: number, now: () => number): Promise<void> {
    this.#renewal ??= this.#lease(source, wanted, now).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #lease(source: LeaseSource, wanted: number, now: () => number): Promise<void> {
    // Seen from before the call, the window never seems to last longer than it does.
    const askedAtMs = now();
    // What was used in a window that is over is nothing to the next one.
    const used = askedAtMs < this.#endsAtMs ? this.#used : 0;
    this.#points = 0;
    this.#used = 0;
    const { granted, remaining, resetMs } = await source.lease({
      subject: this.#subject,
      used,
      wanted,
      limit: this.#limit,
    });
    this.#points = granted;
    this.#remaining = remaining;
    this.#endsAtMs = askedAtMs + resetMs;
    this.#refusedUntilMs = granted === 0 ? Math.min(this.#endsAtMs, now() + refusalMs) : 0;
  }
}
