/** An element of a typed array whose index is known to be inside. */
export function at(values: Int32Array | Float32Array | Float64Array, index: number): number {
  return values[index] ?? 0;
}

/** The arrays one after the other, in the array that `make` makes of a length. */
export function joined<T extends { set(values: ArrayLike<number>, start: number): void }>(
  arrays: readonly ArrayLike<number>[],
  make: (length: number) => T,
): T {
  const whole = make(arrays.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const array of arrays) {
    whole.set(array, start);
    start += array.length;
  }
  return whole;
}
