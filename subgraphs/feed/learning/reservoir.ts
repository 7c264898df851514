/**
 * A sample in which everybody who was met has the same chance (Vitter, "Random sampling with a reservoir", 1985), of `size`
 * at most.
 */
export class Reservoir<T> {
  readonly sample: T[] = [];
  readonly #size: number;
  readonly #random: () => number;
  #met = 0;

  /** `random` gives numbers 0 ≤ x < 1. */
  constructor(size: number, random: () => number) {
    this.#size = size;
    this.#random = random;
  }

  /** Meets another one, which is only made where the sample takes it. */
  offer(make: () => T): void {
    const place = this.#met < this.#size ? this.#met : Math.floor(this.#random() * (this.#met + 1));
    this.#met++;
    if (place < this.#size) this.sample[place] = make();
  }
}
