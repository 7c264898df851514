const rowsPerBlock = 1024;

/**
 * Unit vectors packed in blocks of 1,024, each at its slot. The blocks are shared memory, so that a worker thread
 * reads them where they are, and are added one by one, so that growing never copies.
 */
export class VectorRows {
  readonly dimensions: number;
  readonly #blocks: Float32Array<SharedArrayBuffer>[];

  constructor(dimensions: number, blocks: readonly SharedArrayBuffer[] = []) {
    this.dimensions = dimensions;
    this.#blocks = blocks.map((block) => new Float32Array(block));
  }

  get blocks(): SharedArrayBuffer[] {
    return this.#blocks.map((block) => block.buffer);
  }

  set(slot: number, vector: Float32Array): void {
    const bytes = rowsPerBlock * this.dimensions * Float32Array.BYTES_PER_ELEMENT;
    while (this.#blocks.length * rowsPerBlock <= slot) {
      this.#blocks.push(new Float32Array(new SharedArrayBuffer(bytes)));
    }
    this.#block(slot).set(vector, this.#offset(slot));
  }

  /** A copy of the vector at `slot`. */
  get(slot: number): Float32Array<ArrayBuffer> {
    const offset = this.#offset(slot);
    return Float32Array.from(this.#block(slot).subarray(offset, offset + this.dimensions));
  }

  /** Whether the vector at `slot` is `vector` to the last bit. */
  equals(slot: number, vector: Float32Array): boolean {
    const block = this.#block(slot);
    const offset = this.#offset(slot);
    return vector.every((value, index) => value === block[offset + index]);
  }

  /** The dot product of `query` and the vector at `slot`: of unit vectors, their cosine. */
  dot(slot: number, query: Float32Array): number {
    const block = this.#block(slot);
    let offset = this.#offset(slot);
    // Four sums, so that an addition need not wait for the one before it.
    let [a, b, c, d] = [0, 0, 0, 0];
    const end = this.dimensions - (this.dimensions % 4);
    for (let index = 0; index < end; index += 4, offset += 4) {
      a += (query[index] ?? 0) * (block[offset] ?? 0);
      b += (query[index + 1] ?? 0) * (block[offset + 1] ?? 0);
      c += (query[index + 2] ?? 0) * (block[offset + 2] ?? 0);
      d += (query[index + 3] ?? 0) * (block[offset + 3] ?? 0);
    }
    for (let index = end; index < this.dimensions; index++, offset++) {
      a += (query[index] ?? 0) * (block[offset] ?? 0);
    }
    return a + b + (c + d);
  }

  #block(slot: number): Float32Array<SharedArrayBuffer> {
    const block = this.#blocks[Math.floor(slot / rowsPerBlock)];
    if (block === undefined) throw new RangeError(`No vector at slot ${slot}`);
    return block;
  }

  #offset(slot: number): number {
    return (slot % rowsPerBlock) * this.dimensions;
  }
}
