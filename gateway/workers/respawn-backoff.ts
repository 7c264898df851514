/** A worker that lived so long, in ms, did not die young: what killed it is not there at each start. */
const youngMs = 10_000;

const firstDelayMs = 500;

const longestDelayMs = 30_000;

export interface BackoffOptions {
  /** Milliseconds on any clock that does not go back. */
  readonly now?: () => number;
  /** 0..1 */
  readonly random?: () => number;
}

/**
 * How long one place among the workers stays empty: not at all at first, and longer each time that its worker dies young
 * again, from half a second doubling up to 30 s, each up to a quarter less so that the places do not start in step.
 */
export class RespawnBackoff {
  readonly #now: () => number;
  readonly #random: () => number;
  #startedAt = 0;
  #youngDeaths = 0;

  constructor({ now = () => performance.now(), random = Math.random }: BackoffOptions = {}) {
    this.#now = now;
    this.#random = random;
  }

  /** A worker starts in this place. */
  started(): void {
    this.#startedAt = this.#now();
  }

  /** The worker has died; returns the ms until the next may start. */
  died(): number {
    if (this.#now() - this.#startedAt >= youngMs) this.#youngDeaths = 0;
    this.#youngDeaths++;
    if (this.#youngDeaths === 1) return 0;
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (this.#youngDeaths - 2));
    return delayMs * (1 - this.#random() / 4);
  }
}
