import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded draws of a simulation, fast enough for thousands of millions of them. */
export class RandomStream {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  /** Streams of one seed do not overlap: each begins 2^64 draws behind the one before. */
  constructor(seed: number, index = 0) {
    this.#generator = xoroshiro128plus(seed);
    // One jump more than needed, as the first numbers of seeds that are close are close, too.
    for (let jump = 0; jump <= index; jump += 1) this.#generator.jump();
  }

  /** Uniform on (0, 1). */
  uniform(): number {
    return (this.#generator.next() + 0.5) / 2 ** 32 + 0.5;
  }

  /**
   * Standard normal. The ziggurat with one draw for the layer and another for the place in it: Doornik, An improved
   * ziggurat method to generate normal random samples (2005), after Marsaglia and Tsang (2000).
   */
  normal(): number {
    for (;;) {
      const place = (this.#generator.next() + 0.5) / 2 ** 31;
      // The high bits, as the lowest ones of this generator are its worst.
      const layer = this.#generator.next() >>> 25;
      if (Math.abs(place) < (ratios[layer] ?? 0)) return place * (edges[layer] ?? 0);
      if (layer === 0) return Math.sign(place) * this.#tail();
      const x = place * (edges[layer] ?? 0);
      const below = Math.exp((x * x - (edges[layer] ?? 0) ** 2) / 2);
      const above = Math.exp((x * x - (edges[layer + 1] ?? 0) ** 2) / 2);
      if (above + this.uniform() * (below - above) < 1) return x;
    }
  }

  /**
   * How many of `trials` succeed. While many are expected, by the middle one of as many sorted uniforms, which is Beta: it
   * tells that one half lies below or above `share` (Relles, JASA 67 (1972) 612). Then by runs of failures, which are
   * geometric.
   */
  binomial(trials: number, share: number): number {
    let [successes, left, chance] = [0, trials, share];
    while (left * chance > 10) {
      const middle = Math.floor((left + 1) / 2);
      const below = this.chiSquare(2 * middle);
      const place = below / (below + this.chiSquare(2 * (left + 1 - middle)));
      if (place <= chance) {
        successes += middle;
        left -= middle;
        chance = (chance - place) / (1 - place);
      } else {
        left = middle - 1;
        chance /= place;
      }
    }
    const scale = 1 / Math.log1p(-chance);
    for (let position = this.#run(scale); position <= left; position += this.#run(scale)) successes += 1;
    return successes;
  }

  /** χ² with `df` ≥ 2 degrees of freedom. Marsaglia and Tsang, A simple method for generating gamma variables (2000). */
  chiSquare(df: number): number {
    const d = df / 2 - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root ** 3;
      if (Math.log(this.uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return 2 * d * v;
    }
  }

  /** Trials up to the next success, that one included. */
  #run(scale: number): number {
    return 1 + Math.floor(Math.log(this.uniform()) * scale);
  }

  /** Beyond the last edge. Marsaglia, Generating a variable from the tail of the normal distribution (1964). */
  #tail(): number {
    for (;;) {
      const x = Math.log(this.uniform()) / lastEdge;
      if (-2 * Math.log(this.uniform()) >= x * x) return lastEdge - x;
    }
  }
}

/** A seed for what has a name, so that a new cell does not change the draws of the others: FNV-1a. */
export function seedOf(name: string): number {
  return Buffer.from(name).reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), -2128831035);
}

const layers = 128;
/** Where the tail begins, and the area of each layer. */
const lastEdge = 3.442619855899;
const layerArea = 9.91256303526217e-3;

/** Right edges of the layers, from the widest, and how much of each lies under the curve for certain. */
const edges = new Float64Array(layers + 1);
edges[0] = layerArea / Math.exp((-lastEdge * lastEdge) / 2);
edges[1] = lastEdge;
for (let layer = 2; layer < layers; layer += 1) {
  const before = edges[layer - 1] ?? 0;
  edges[layer] = Math.sqrt(-2 * Math.log(layerArea / before + Math.exp((-before * before) / 2)));
}
const ratios = edges.slice(0, layers).map((edge, layer) => (edges[layer + 1] ?? 0) / edge);
