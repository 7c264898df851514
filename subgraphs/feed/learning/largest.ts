import { at } from './typed-array.ts';

/** The k pairs with the largest score of those offered: a heap whose root is the least of them. */
export class Largest {
  readonly #ids: Int32Array;
  readonly #scores: Float64Array;
  #size = 0;

  constructor(k: number) {
    this.#ids = new Int32Array(k);
    this.#scores = new Float64Array(k);
  }

  clear(): void {
    this.#size = 0;
  }

  offer(id: number, score: number): void {
    const k = this.#ids.length;
    if (this.#size < k) {
      let place = this.#size++;
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!this.#isLess(id, score, parent)) break;
        this.#copy(parent, place);
        place = parent;
      }
      this.#put(place, id, score);
    } else if (k > 0 && !this.#isLess(id, score, 0)) {
      this.#sink(id, score);
    }
  }

  /** Writes what is kept, the largest first, and forgets it. */
  writeTo(ids: Int32Array, scores: Float32Array, start: number): void {
    while (this.#size > 0) {
      const place = start + this.#size - 1;
      ids[place] = at(this.#ids, 0);
      scores[place] = at(this.#scores, 0);
      this.#size--;
      this.#sink(at(this.#ids, this.#size), at(this.#scores, this.#size));
    }
  }

  /** Puts a pair in at the root and down to where both children are larger. */
  #sink(id: number, score: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (right < this.#size && this.#isLess(at(this.#ids, right), at(this.#scores, right), child))
        child = right;
      if (this.#isLess(id, score, child)) break;
      this.#copy(child, place);
      place = child;
    }
    this.#put(place, id, score);
  }

  #isLess(id: number, score: number, place: number): boolean {
    const other = at(this.#scores, place);
    return score < other || (score === other && id > at(this.#ids, place));
  }

  #copy(from: number, to: number): void {
    this.#put(to, at(this.#ids, from), at(this.#scores, from));
  }

  #put(place: number, id: number, score: number): void {
    this.#ids[place] = id;
    this.#scores[place] = score;
  }
}
