/** `values`, all finite, as a vector of length 1 in the same direction; zeros stay zeros. */
export function toUnitVector(values: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const unit = new Float32Array(values.length);
  let largest = 0;
  for (let index = 0; index < values.length; index++) {
    largest = Math.max(largest, Math.abs(values[index] ?? 0));
  }
  if (largest === 0) return unit;
  // Measured in the largest of them, no square overflows or vanishes.
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += ((values[index] ?? 0) / largest) ** 2;
  const length = Math.sqrt(sum);
  for (let index = 0; index < values.length; index++) unit[index] = (values[index] ?? 0) / largest / length;
  return unit;
}
