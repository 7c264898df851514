import { blockSize, stripBytes, stripSize } from './product-kernel.ts';
import { createSharedMemory, type SharedMemory } from './shared-memory.ts';

/**
 * A square matrix of float32 that threads share, by rows, with room for inverting it: element (row, column) is
 * `values[row · stride + column]`. Its sides are filled up to whole blocks with those of the unit matrix.
 */
export interface SharedSquare {
  readonly size: number;
  readonly stride: number;
  readonly values: Float32Array<SharedArrayBuffer>;
  readonly memory: SharedMemory;
}

/** Where the parts of the memory start, in bytes, and how many blocks a side of the matrix has. */
export interface SquareLayout {
  readonly blocks: number;
  readonly stride: number;
  readonly matrix: number;
  /** Three strips of packed columns of a whole block row, one after the other. */
  readonly panels: readonly [number, number, number];
  /** Two packed blocks for each thread. */
  readonly factors: number;
  readonly end: number;
}

/** Threads that may work on one matrix. */
export const mostThreads = 64;

/** What the threads agree by: integers at the start of the memory. */
export const controlBytes = 64;

/**
 * A matrix of zeros. It takes 4 · size² bytes and a little more.
 * @throws RangeError beyond 32,000 rows or so, which is 4 GiB.
 */
export function createSharedSquare(size: number): SharedSquare {
  const { end, blocks } = squareLayout(size);
  const square = sharedSquareIn(createSharedMemory(end), size);
  for (let row = size; row < blocks * blockSize; row++) square.values[row * square.stride + row] = 1;
  return square;
}

/** The matrix that another thread made in `memory`. */
export function sharedSquareIn(memory: SharedMemory, size: number): SharedSquare {
  const { matrix, stride, blocks } = squareLayout(size);
  return {
    size,
    stride,
    values: new Float32Array(memory.buffer, matrix, stride * blocks * blockSize),
    memory,
  };
}

export function squareLayout(size: number): SquareLayout {
  const blocks = Math.ceil(size / blockSize);
  const rows = blocks * blockSize;
  // A cache line more than the rows: rows whose distance is a power of two would share few lines of the cache.
  const stride = rows + 16;
  const matrix = controlBytes;
  const panelBytes = (rows / stripSize) * stripBytes;
  const first = matrix + 4 * stride * rows;
  const factors = first + 3 * panelBytes;
  return {
    blocks,
    stride,
    matrix,
    panels: [first, first + panelBytes, first + 2 * panelBytes],
    factors,
    end: factors + mostThreads * 2 * 4 * blockSize * blockSize,
  };
}
