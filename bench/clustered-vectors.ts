const clusters = 200;
/** The length of the noise against that of the cluster's centre. */
const spread = 0.8;

/** Random unit vectors around random centres, the same for the same seed. */
export function clusteredVectors({
  count,
  dimensions,
  seed,
}: {
  count: number;
  dimensions: number;
  seed: number;
}): Float32Array[] {
  const random = numbers(seed);
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const around = (centre: Float32Array | null): Float32Array => {
    const vector = Float32Array.from({ length: dimensions }, (_, index) =>
      centre === null ? gauss() : (centre[index] ?? 0) + (spread * gauss()) / Math.sqrt(dimensions),
    );
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };
  const centres = Array.from({ length: clusters }, () => around(null));
  return Array.from({ length: count }, () => around(centres[Math.floor(random() * clusters)] ?? null));
}

/** mulberry32: numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
