/** Items of which the residual is remembered. */
const windowSize = 1_000;
/** Of the median absolute deviation, so that an agent that agrees with its local scorer may differ once in a while. */
const floor = 0.02;
/** Residuals that come in before median and deviation are computed anew. */
const staleness = 100;

/** Residuals of so many items make a model known, unless said otherwise. */
const usualLeastResiduals = 200;

/**
 * Tells which scores of a remote agent are too far from its local scorer's. With r = remote − local, a score is an outlier
 * where |r − median r| > 3 · max(MAD, 0.02) over the latest residual of each of the last 1,000 items. The median absolute
 * deviation (Hampel, "The influence curve and its role in robust estimation", 1974) holds while fewer than half of them are
 * bad. An item counts once, however often and for whomever it is scored: else a vendor's own few, asked for over and over,
 * would be the window.
 */
export class OutlierJudge {
  readonly #least: number;
  /** By item, the one that was noted longest ago first. */
  readonly #residuals = new Map<string, number>();
  #fresh = 0;
  #median = 0;
  #limit = Infinity;

  /** A judge that knows the model by the residuals of `leastResiduals` items, 1,000 at most. */
  constructor(leastResiduals = usualLeastResiduals) {
    this.#least = Math.min(leastResiduals, windowSize);
  }

  /** Whether so much is known of the model that its scores can be judged. Once it is, it stays so. */
  get knowsModel(): boolean {
    return this.#residuals.size >= this.#least;
  }

  /** Whether `remote` is an outlier; false before the model is known, and where the local scorer has nothing to say (NaN). */
  isOutlier(remote: number, local: number): boolean {
    if (!this.knowsModel || Number.isNaN(local)) return false;
    if (this.#limit === Infinity || this.#fresh >= staleness) this.#measure();
    return Math.abs(remote - local - this.#median) > this.#limit;
  }

  /**
   * What stands in for a score of the model's among others of its: `local` moved by the median residual, within 0..1. A model
   * that scores everything lower than the local scorer does would else lift what it does not score.
   */
  standIn(local: number): number {
    return Math.min(1, Math.max(0, local + this.#median));
  }

  /** Remembers a pair, an outlier too: where the remote agent changes its ways, the limit follows. */
  note(item: string, remote: number, local: number): void {
    if (Number.isNaN(local)) return;
    this.#residuals.delete(item);
    this.#residuals.set(item, remote - local);
    this.#fresh++;
    if (this.#residuals.size <= windowSize) return;
    for (const oldest of this.#residuals.keys()) {
      this.#residuals.delete(oldest);
      break;
    }
  }

  #measure(): void {
    if (this.#residuals.size === 0) return;
    this.#fresh = 0;
    const known = Float64Array.from(this.#residuals.values());
    this.#median = medianOf(known);
    const deviation = medianOf(known.map((residual) => Math.abs(residual - this.#median)));
    this.#limit = 3 * Math.max(deviation, floor);
  }
}

/** Sorts `values`. */
function medianOf(values: Float64Array): number {
  values.sort();
  const half = values.length >> 1;
  const upper = values[half] ?? 0;
  return values.length % 2 === 1 ? upper : (upper + (values[half - 1] ?? 0)) / 2;
}
