import QuickLRU from 'quick-lru';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { windowSeconds } from './lease-source.ts';

/** Twice as many are kept at most; a subject takes about 500 bytes. */
const subjectsOfAKind = 25_000;

/** Above any count, so that the counter only counts. */
export const outOfReach = Number.MAX_SAFE_INTEGER;

/**
 * RateLimiterMemory, which keeps every key for a whole window, with a bound: of each kind of subject the least recently
 * counted are forgotten, so that a flood of addresses takes no memory and forgets no user.
 */
export class BoundedMemoryLimiter extends RateLimiterMemory {
  readonly #maxSubjects: number;
  readonly #recent = new Map<string, QuickLRU<string, true>>();

  constructor({ maxSubjects = subjectsOfAKind }: { maxSubjects?: number } = {}) {
    super({ points: outOfReach, duration: windowSeconds });
    this.#maxSubjects = maxSubjects;
  }

  override consume(subject: string | number, points?: number): Promise<RateLimiterRes> {
    this.#remember(String(subject));
    return super.consume(subject, points);
  }

  override set(subject: string | number, points: number, seconds: number): Promise<RateLimiterRes> {
    this.#remember(String(subject));
    return super.set(subject, points, seconds);
  }

  #remember(subject: string): void {
    const recent = this.#recentOf(subject.slice(0, subject.indexOf(':')));
    if (recent.get(subject) === undefined) recent.set(subject, true);
  }

  #recentOf(kind: string): QuickLRU<string, true> {
    const known = this.#recent.get(kind);
    if (known !== undefined) return known;
    const recent = new QuickLRU<string, true>({
      maxSize: this.#maxSubjects,
      onEviction: (key) => void this.delete(key),
    });
    this.#recent.set(kind, recent);
    return recent;
  }
}
