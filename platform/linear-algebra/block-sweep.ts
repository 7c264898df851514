import { inverseCholeskyFactor, transposedProduct } from './block-factor.ts';
import { blockSize, productKernel, stripBytes, stripSize, type SubtractProducts } from './product-kernel.ts';
import { squareLayout, type SharedSquare, type SquareLayout } from './shared-square.ts';
import { ThreadTeam } from './thread-team.ts';

/** Packed strips of a block. */
const stripsPerBlock = blockSize / stripSize;

export interface Participant {
  /** 0 … members − 1. */
  readonly member: number;
  readonly members: number;
  readonly onStep?: (done: number, total: number) => void;
}

/**
 * One thread's share of inverting a symmetric positive definite matrix in place; every member calls it at once, and
 * it returns when all are done. Of the matrix the lower triangle is read.
 *
 * The blocked sweep operator (Goodnight, "A tutorial on the SWEEP operator", 1979): for each diagonal block K with
 * inverse D, every other block (I, J) loses A_IK·D·A_KJ, then A_IK becomes A_IK·D and K becomes −D; after all blocks
 * the matrix is its negative inverse. It takes size³/2 products, as the inverse by Cholesky factors does, but in one
 * loop of equal steps that is nearly all one kernel, and splits evenly among threads. Each D comes from a Cholesky
 * factor in double precision, K = L·Lᵀ, so that with U = A_IK·L⁻ᵀ the update is the symmetric U·Uᵀ. The result does
 * not depend on the number of members.
 * @throws RangeError for a matrix that is not positive definite, in every member.
 */
export function sweepShare(square: SharedSquare, { member, members, onStep }: Participant): void {
  const share = new SweepShare(square, member, members);
  const { blocks } = squareLayout(square.size);
  for (let block = 0; block < blocks; block++) {
    share.sweep(block);
    onStep?.(block + 1, blocks);
  }
  share.mirror();
}

class SweepShare {
  readonly #values: Float32Array;
  readonly #floats: Float32Array;
  readonly #layout: SquareLayout;
  readonly #team: ThreadTeam;
  readonly #subtract: SubtractProducts;
  readonly #member: number;
  readonly #members: number;
  /** Bytes at which this member's two packed blocks start. */
  readonly #factor: number;
  readonly #inverse: number;

  constructor({ memory, values, size }: SharedSquare, member: number, members: number) {
    this.#values = values;
    this.#floats = new Float32Array(memory.buffer);
    this.#layout = squareLayout(size);
    this.#team = new ThreadTeam(memory.buffer, members);
    this.#subtract = productKernel(memory);
    this.#member = member;
    this.#members = members;
    const bytes = stripsPerBlock * stripBytes;
    this.#factor = this.#layout.factors + 2 * member * bytes;
    this.#inverse = this.#factor + bytes;
  }

  sweep(pivot: number): void {
    // Each member factors the small block for itself: cheaper than to wait for another.
    const factor = inverseCholeskyFactor(this.#readBlock(pivot), blockSize);
    const inverse = transposedProduct(factor, blockSize);
    this.#packNegative(factor, this.#factor);
    this.#packNegative(inverse, this.#inverse);
    for (let block = this.#member; block < this.#layout.blocks; block += this.#members) {
      if (block !== pivot) this.#preparePanel(pivot, block);
    }
    this.#team.meet();
    if (this.#member === 0) this.#writeNegative(pivot, inverse);
    const { blocks } = this.#layout;
    // The longest rows first, so that members end together.
    for (let part = this.#team.takePart(); part < blocks; part = this.#team.takePart()) {
      const row = blocks - 1 - part;
      for (let column = 0; column <= row; column++) {
        if (row !== pivot && column !== pivot) this.#update(row, column);
      }
    }
    this.#team.meet();
  }

  /** Turns the sign and copies the lower triangle to the upper. */
  mirror(): void {
    const { blocks, stride } = this.#layout;
    const values = this.#values;
    for (let part = this.#team.takePart(); part < blocks; part = this.#team.takePart()) {
      const last = (blocks - part) * blockSize;
      for (let block = 0; block < blocks - part; block++) {
        for (let row = last - blockSize; row < last; row++) {
          const end = Math.min((block + 1) * blockSize, row + 1);
          for (let column = block * blockSize; column < end; column++) {
            const value = -(values[row * stride + column] ?? 0);
            values[row * stride + column] = value;
            values[column * stride + row] = value;
          }
        }
      }
    }
    this.#team.meet();
  }

  #readBlock(block: number): Float64Array {
    const start = block * blockSize * (this.#layout.stride + 1);
    const copy = new Float64Array(blockSize * blockSize);
    for (let row = 0; row < blockSize; row++) {
      const from = start + row * this.#layout.stride;
      copy.set(this.#values.subarray(from, from + blockSize), row * blockSize);
    }
    return copy;
  }

  #writeNegative(block: number, inverse: Float64Array): void {
    const start = block * blockSize * (this.#layout.stride + 1);
    for (let row = 0; row < blockSize; row++) {
      for (let column = 0; column < blockSize; column++) {
        this.#values[start + row * this.#layout.stride + column] = -(inverse[row * blockSize + column] ?? 0);
      }
    }
  }

  /** Negative, as the kernel subtracts. */
  #packNegative(block: Float64Array, address: number): void {
    for (let row = 0; row < blockSize; row++) {
      for (let term = 0; term < blockSize; term++) {
        this.#floats[packedPlace(address, row, term)] = -(block[row * blockSize + term] ?? 0);
      }
    }
  }

  /** For the rows of `block`: packs A_IK, makes U = A_IK·L⁻ᵀ beside it, and puts A_IK·D in its place. */
  #preparePanel(pivot: number, block: number): void {
    const [source, reduced, scaled] = this.#layout.panels;
    const start = block * stripsPerBlock * stripBytes;
    for (let row = 0; row < blockSize; row++) {
      for (let term = 0; term < blockSize; term++) {
        this.#floats[packedPlace(source + start, row, term)] =
          this.#values[this.#panelPlace(pivot, block, row, term)] ?? 0;
      }
    }
    const floats = (stripsPerBlock * stripBytes) / 4;
    for (const [factor, panel] of [
      [this.#factor, reduced],
      [this.#inverse, scaled],
    ] as const) {
      this.#floats.fill(0, (panel + start) / 4, (panel + start) / 4 + floats);
      for (let strip = 0; strip < stripsPerBlock; strip += 2) {
        const at = start + strip * stripBytes;
        this.#subtract(panel + at, stripSize * 4, stripBytes, factor, source + at, stripsPerBlock);
      }
    }
    for (let row = 0; row < blockSize; row++) {
      for (let term = 0; term < blockSize; term++) {
        this.#values[this.#panelPlace(pivot, block, row, term)] =
          this.#floats[packedPlace(scaled + start, row, term)] ?? 0;
      }
    }
  }

  /** Where element (`row`, `term`) of A_IK is kept: above the pivot block as its mirror image. */
  #panelPlace(pivot: number, block: number, row: number, term: number): number {
    const [atBlock, atPivot] = [block * blockSize + row, pivot * blockSize + term];
    const { stride } = this.#layout;
    return block > pivot ? atBlock * stride + atPivot : atPivot * stride + atBlock;
  }

  #update(row: number, column: number): void {
    const { matrix, stride, panels } = this.#layout;
    const bytes = stripsPerBlock * stripBytes;
    const corner = matrix + 4 * blockSize * (row * stride + column);
    const left = panels[1] + row * bytes;
    for (let strip = 0; strip < stripsPerBlock; strip += 2) {
      const right = panels[1] + column * bytes + strip * stripBytes;
      this.#subtract(corner + strip * stripSize * 4, stride * 4, stripSize * 4, left, right, stripsPerBlock);
    }
  }
}

/** The float at which row `row` and term `term` of a packed block at `address` lie. */
function packedPlace(address: number, row: number, term: number): number {
  return (address + (row >> 2) * stripBytes) / 4 + term * stripSize + (row & 3);
}
