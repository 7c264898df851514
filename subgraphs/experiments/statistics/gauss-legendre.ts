/** Where an integrand is read, and what each reading counts. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const rules = new Map<number, QuadratureRule>();

/**
 * The Gauss-Legendre rule of `size` nodes on [-1, 1], exact for polynomials up to degree 2 size - 1. Rules are kept, as there
 * are few sizes. Source: Abramowitz and Stegun, 25.4.29; the nodes by Newton's method from Tricomi's approximation.
 */
export function gaussLegendre(size: number): QuadratureRule {
  const known = rules.get(size);
  if (known !== undefined) return known;
  const nodes = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    let x = -Math.cos((Math.PI * (index + 0.75)) / (size + 0.5));
    let { value, derivative } = legendre(size, x);
    for (let step = 0; step < 10 && Math.abs(value / derivative) > 1e-16; step++) {
      x -= value / derivative;
      ({ value, derivative } = legendre(size, x));
    }
    nodes[index] = x;
    weights[index] = 2 / ((1 - x * x) * derivative * derivative);
  }
  const rule = { nodes, weights };
  rules.set(size, rule);
  return rule;
}

/** The Legendre polynomial of `degree` at `x`, by Bonnet's recursion, and its derivative. */
function legendre(degree: number, x: number): { readonly value: number; readonly derivative: number } {
  let value = 1;
  let before = 0;
  for (let order = 1; order <= degree; order++) {
    [value, before] = [((2 * order - 1) * x * value - (order - 1) * before) / order, value];
  }
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}
