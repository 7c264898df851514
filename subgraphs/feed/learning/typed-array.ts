/** An element of a typed array whose index is known to be inside. */
export function at(values: Int32Array | Float32Array | Float64Array, index: number): number {
  return values[index] ?? 0;
}
