/** Residuals that are remembered. */
const windowSize = 1_000;
/** Below so many of them nothing is judged. */
const leastResiduals = 200;
/** Of the median absolute deviation, so that an agent that agrees with its local scorer may differ once in a while. */
const floor = 0.02;
/** Residuals that come in before median and deviation are computed anew. */
const staleness = 100;

/**
 * Tells which scores of a remote agent are too far from its local scorer's. With r = remote − local, a score is an outlier
 * where |r − median r| > 3 · max(MAD, 0.02) over the last 1,000 residuals, of which there must be 200. The median absolute
 * deviation (Hampel, "The influence curve and its role in robust estimation", 1974) holds until half of them are bad.
 */
export class OutlierJudge {
  readonly #residuals = new Float64Array(windowSize);
  #count = 0;
  #fresh = 0;
  #median = 0;
  #limit = Infinity;

  /** Whether `remote` is an outlier; false where the local scorer has nothing to say (NaN). */
  judge(remote: number, local: number): boolean {
    return Math.abs(remote - local - this.#median) > this.#limit;
  }

  /** Remembers a pair, an outlier too: where the remote agent changes its ways, the limit follows. */
  note(remote: number, local: number): void {
    if (Number.isNaN(local)) return;
    this.#residuals[this.#count % windowSize] = remote - local;
    this.#count++;
    this.#fresh++;
    if (this.#count < leastResiduals || (this.#fresh < staleness && this.#limit < Infinity)) return;
    this.#fresh = 0;
    const known = this.#residuals.slice(0, Math.min(this.#count, windowSize));
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
