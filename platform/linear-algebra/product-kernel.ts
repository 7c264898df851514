import type { SharedMemory } from './shared-memory.ts';
import { wasm, wasmModule } from './wasm-bytes.ts';

/** Rows and columns of the blocks in which matrices are worked on. A multiple of 8. */
export const blockSize = 128;

/** Rows of a packed strip: four, so that one row of it is one vector of floats. */
export const stripSize = 4;

/** Bytes of a packed strip: for each of the `blockSize` terms of the products, one value of each of the four rows. */
export const stripBytes = blockSize * stripSize * 4;

/**
 * Subtracts products from a part of a matrix of float32, in WebAssembly's 128-bit vectors: from the `groups` · 4 rows
 * of 8 columns at `target` what `left` (as many packed strips) times `right` (two packed strips) gives.
 * `rowStride` is the distance of two rows, `gap` that of columns 0 to 3 and 4 to 7. All distances are in bytes.
 */
export type SubtractProducts = (
  target: number,
  rowStride: number,
  gap: number,
  left: number,
  right: number,
  groups: number,
) => void;

// What of the global is used here; the types of Node leave it out.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
    imports: { environment: { memory: SharedMemory } },
  ) => { readonly exports: { readonly subtractProducts: SubtractProducts } };
};

/** The kernel over `memory`. It multiplies and adds in the same order on every machine, so results are the same. */
export function productKernel(memory: SharedMemory): SubtractProducts {
  const module = new WebAssembly.Module(assemble());
  return new WebAssembly.Instance(module, { environment: { memory } }).exports.subtractProducts;
}

const [target, rowStride, gap, left, right, groups, next, end, firstVector] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [columnsA, columnsB, splat] = [firstVector + 8, firstVector + 9, firstVector + 10];
const rows = [0, 1, 2, 3];

/** Terms of a product that one turn of the inner loop adds. */
const unrolled = 4;

/** The eight sums of four rows and eight columns stay in registers while the terms stream by. */
function assemble(): Uint8Array<ArrayBuffer> {
  const vectorBytes = stripSize * 4;
  const turn = Array.from({ length: unrolled }, (_, term) => addTerm(term * vectorBytes)).flat();
  const advance = (local: number, by: readonly number[]): number[] =>
    [wasm.get(local), by, wasm.add, wasm.set(local)].flat();
  const terms = wasm.repeat([
    ...turn,
    ...advance(left, wasm.integer(unrolled * vectorBytes)),
    ...advance(next, wasm.integer(unrolled * vectorBytes)),
    ...[wasm.get(left), wasm.get(end), wasm.notEqual].flat(),
  ]);
  const write = rows.flatMap((row) => [
    ...subtractFrom([wasm.get(target)], sum(row, 0)),
    ...subtractFrom([wasm.get(target), wasm.get(gap), wasm.add], sum(row, 1)),
    ...advance(target, wasm.get(rowStride)),
  ]);
  const body = wasm.repeat([
    ...rows.flatMap((row) => [0, 1].flatMap((half) => [...wasm.zeros, ...wasm.set(sum(row, half))])),
    ...[wasm.get(right), wasm.set(next)].flat(),
    ...[wasm.get(left), wasm.integer(stripBytes), wasm.add, wasm.set(end)].flat(),
    ...terms,
    ...write,
    ...[wasm.get(groups), wasm.integer(1), wasm.subtract, wasm.set(groups), wasm.get(groups)].flat(),
  ]);
  return wasmModule({ name: 'subtractProducts', parameters: 6, integers: 2, vectors: 11, body });
}

/** The term whose vectors lie `offset` bytes on: one value of each row, times eight columns. */
function addTerm(offset: number): number[] {
  return [
    ...[wasm.get(next), wasm.load(offset), wasm.set(columnsA)].flat(),
    ...[wasm.get(next), wasm.load(offset + stripBytes), wasm.set(columnsB)].flat(),
    ...rows.flatMap((row) => [
      ...[wasm.get(left), wasm.loadSplat(offset + row * 4), wasm.set(splat)].flat(),
      ...addProduct(sum(row, 0), columnsA),
      ...addProduct(sum(row, 1), columnsB),
    ]),
  ];
}

function addProduct(local: number, columns: number): number[] {
  return [
    ...[wasm.get(local), wasm.get(splat), wasm.get(columns), wasm.multiplyFloats].flat(),
    ...[wasm.addFloats, wasm.set(local)].flat(),
  ];
}

function subtractFrom(address: readonly (readonly number[])[], local: number): number[] {
  return [
    ...[...address, ...address, wasm.load(0), wasm.get(local)].flat(),
    ...[wasm.subtractFloats, wasm.store(0)].flat(),
  ];
}

/** The local that sums columns 0 to 3 (`half` 0) or 4 to 7 (`half` 1) of a row. */
function sum(row: number, half: number): number {
  return firstVector + 2 * row + half;
}
