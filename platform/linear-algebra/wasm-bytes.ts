/**
 * The few instructions of WebAssembly that the kernel needs, as bytes
 * (https://webassembly.github.io/spec/core/binary/instructions.html). Each function returns an instruction.
 */
export const wasm = {
  get: (local: number) => [0x20, ...unsigned(local)],
  set: (local: number) => [0x21, ...unsigned(local)],
  integer: (value: number) => [0x41, ...signed(value)],
  add: [0x6a],
  subtract: [0x6b],
  notEqual: [0x47],
  /** Repeats `body` as long as it leaves an integer other than 0. */
  repeat: (body: readonly number[]) => [0x03, 0x40, ...body, 0x0d, 0x00, 0x0b],
  /** Four floats from the address on the stack plus `offset` bytes. */
  load: (offset: number) => [0xfd, 0x00, 0x02, ...unsigned(offset)],
  /** The float at the address on the stack plus `offset` bytes, four times. */
  loadSplat: (offset: number) => [0xfd, 0x09, 0x02, ...unsigned(offset)],
  store: (offset: number) => [0xfd, 0x0b, 0x02, ...unsigned(offset)],
  zeros: [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)],
  addFloats: [0xfd, ...unsigned(0xe4)],
  subtractFloats: [0xfd, ...unsigned(0xe5)],
  multiplyFloats: [0xfd, ...unsigned(0xe6)],
} as const;

const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const integerType = 0x7f;
const vectorType = 0x7b;

export interface WasmFunction {
  readonly name: string;
  /** Parameters, integers all; locals 0 and up. */
  readonly parameters: number;
  /** Further locals of integers, then those of four floats. */
  readonly integers: number;
  readonly vectors: number;
  readonly body: readonly number[];
}

/** A module that exports one function and imports the shared memory that it works on as `environment.memory`. */
export function wasmModule({
  name,
  parameters,
  integers,
  vectors,
  body,
}: WasmFunction): Uint8Array<ArrayBuffer> {
  const types = list([[0x60, ...list(Array.from({ length: parameters }, () => [integerType])), 0x00]]);
  const sharedWithMaximum = [0x03, ...unsigned(0), ...unsigned(65_536)];
  const imports = list([[...text('environment'), ...text('memory'), 0x02, ...sharedWithMaximum]]);
  const locals = list([
    [...unsigned(integers), integerType],
    [...unsigned(vectors), vectorType],
  ]);
  const code = [...locals, ...body, 0x0b];
  return Uint8Array.from([
    ...magicAndVersion,
    ...section(1, types),
    ...section(2, imports),
    ...section(3, list([[0x00]])),
    ...section(7, list([[...text(name), 0x00, 0x00]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function text(value: string): number[] {
  return [...unsigned(value.length), ...Buffer.from(value, 'ascii')];
}

/** LEB128, the variable length of whole numbers in WebAssembly. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
