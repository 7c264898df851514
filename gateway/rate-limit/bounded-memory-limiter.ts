import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { windowSeconds } from './lease-source.ts';

/** Above any count, so that the counter only counts. */
export const outOfReach = Number.MAX_SAFE_INTEGER;

/**
 * RateLimiterMemory, which keeps every key and a timer for a whole window, with a bound: of each kind of subject the least
 * recently counted is forgotten, so that a flood of addresses takes no memory and forgets no user.
 */
export class BoundedMemoryLimiter extends RateLimiterMemory {
  readonly #maxSubjects: number;
  /** By kind, the least recently counted first. */
  readonly #subjects = new Map<string, Set<string>>();

  /** Remembers `maxSubjects` of each kind; one takes about 500 bytes. */
  constructor({ maxSubjects = 50_000 }: { maxSubjects?: number } = {}) {
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
    const kind = subject.slice(0, subject.indexOf(':'));
    const subjects = this.#subjects.get(kind) ?? new Set();
    this.#subjects.set(kind, subjects);
    subjects.delete(subject);
    subjects.add(subject);
    if (subjects.size <= this.#maxSubjects) return;
    // One at a time: a cache that drops half of what it has at once would hold up the process.
    for (const oldest of subjects) {
      subjects.delete(oldest);
      void this.delete(oldest);
      return;
    }
  }
}
