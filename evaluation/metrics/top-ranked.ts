/** The `size` items with the largest scores of those offered; of equals the lower `tie`. */
export class TopRanked {
  readonly #ids: Int32Array;
  readonly #ties: Int32Array;
  readonly #scores: Float64Array;
  readonly #capacity: number;
  #size = 0;

  constructor(size: number) {
    this.#capacity = size;
    this.#ids = new Int32Array(size);
    this.#ties = new Int32Array(size);
    this.#scores = new Float64Array(size);
  }

  offer(id: number, score: number, tie: number): void {
    if (this.#size < this.#capacity) {
      let place = this.#size++;
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!this.#isWorse(score, tie, parent)) break;
        this.#copy(parent, place);
        place = parent;
      }
      this.#put(place, id, score, tie);
    } else if (this.#capacity > 0 && !this.#isWorse(score, tie, 0)) {
      this.#sink(id, score, tie);
    }
  }

  /** Forgets what was offered and hands out what is kept of it, the best first. */
  take(): { ids: Int32Array<ArrayBuffer>; scores: Float64Array<ArrayBuffer> } {
    const ids = new Int32Array(this.#size);
    const scores = new Float64Array(this.#size);
    while (this.#size > 0) {
      const last = --this.#size;
      ids[last] = this.#ids[0] ?? 0;
      scores[last] = this.#scores[0] ?? 0;
      this.#sink(this.#ids[last] ?? 0, this.#scores[last] ?? 0, this.#ties[last] ?? 0);
    }
    return { ids, scores };
  }

  /** A heap whose root is the worst: the new item goes down from there to where both below are better. */
  #sink(id: number, score: number, tie: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (right < this.#size && this.#isWorse(this.#scores[right] ?? 0, this.#ties[right] ?? 0, child)) {
        child = right;
      }
      if (this.#isWorse(score, tie, child)) break;
      this.#copy(child, place);
      place = child;
    }
    this.#put(place, id, score, tie);
  }

  #isWorse(score: number, tie: number, place: number): boolean {
    const other = this.#scores[place] ?? 0;
    return score < other || (score === other && tie > (this.#ties[place] ?? 0));
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#ids[from] ?? 0, this.#scores[from] ?? 0, this.#ties[from] ?? 0);
  }

  #put(place: number, id: number, score: number, tie: number): void {
    this.#ids[place] = id;
    this.#scores[place] = score;
    this.#ties[place] = tie;
  }
}
