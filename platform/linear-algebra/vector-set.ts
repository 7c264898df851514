/** Vectors of one length, added one after the other, for sums over all of them at once. */
export class VectorSet {
  readonly length: number;
  #count = 0;
  #values: Float64Array;

  /** `capacity` is how many there will be; more take a copy now and then. */
  constructor(length: number, capacity: number) {
    this.length = length;
    this.#values = new Float64Array(length * capacity);
  }

  get count(): number {
    return this.#count;
  }

  add(vector: Float64Array): void {
    const end = (this.#count + 1) * this.length;
    if (end > this.#values.length) {
      const larger = new Float64Array(Math.max(end, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(vector, this.#count * this.length);
    this.#count++;
  }

  /** A view of one of them. */
  vector(index: number): Float64Array {
    return this.#values.subarray(index * this.length, (index + 1) * this.length);
  }

  /** The inner product of each with `vector`, written to `products`. */
  products(vector: Float64Array, products: Float64Array): void {
    const { length } = this;
    const values = this.#values;
    let row = 0;
    // Four at a time, which reads `vector` a quarter as often and keeps four sums in flight.
    for (; row + 4 <= this.#count; row += 4) {
      const [a, b, c, d] = [row * length, (row + 1) * length, (row + 2) * length, (row + 3) * length];
      let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
      for (let index = 0; index < length; index++) {
        const value = vector[index] ?? 0;
        sumA += value * (values[a + index] ?? 0);
        sumB += value * (values[b + index] ?? 0);
        sumC += value * (values[c + index] ?? 0);
        sumD += value * (values[d + index] ?? 0);
      }
      products[row] = sumA;
      products[row + 1] = sumB;
      products[row + 2] = sumC;
      products[row + 3] = sumD;
    }
    for (; row < this.#count; row++) {
      let sum = 0;
      for (let index = 0; index < length; index++) {
        sum += (vector[index] ?? 0) * (values[row * length + index] ?? 0);
      }
      products[row] = sum;
    }
  }

  /** Adds each, times its weight, to `vector`. */
  addTo(vector: Float64Array, weights: Float64Array): void {
    const { length } = this;
    const values = this.#values;
    let row = 0;
    for (; row + 4 <= this.#count; row += 4) {
      const [a, b, c, d] = [row * length, (row + 1) * length, (row + 2) * length, (row + 3) * length];
      const weightA = weights[row] ?? 0;
      const weightB = weights[row + 1] ?? 0;
      const weightC = weights[row + 2] ?? 0;
      const weightD = weights[row + 3] ?? 0;
      for (let index = 0; index < length; index++) {
        vector[index] =
          (vector[index] ?? 0) +
          (weightA * (values[a + index] ?? 0) + weightB * (values[b + index] ?? 0)) +
          (weightC * (values[c + index] ?? 0) + weightD * (values[d + index] ?? 0));
      }
    }
    for (; row < this.#count; row++) {
      const weight = weights[row] ?? 0;
      for (let index = 0; index < length; index++) {
        vector[index] = (vector[index] ?? 0) + weight * (values[row * length + index] ?? 0);
      }
    }
  }
}
