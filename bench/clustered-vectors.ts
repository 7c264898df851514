import { numbers } from '../platform/vectors/test/vectors.ts';

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
