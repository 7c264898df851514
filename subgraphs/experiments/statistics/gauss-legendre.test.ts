import { describe, expect, it } from 'vitest';
import { gaussLegendre } from './gauss-legendre.ts';

const integral = (size: number, integrand: (x: number) => number): number => {
  const { nodes, weights } = gaussLegendre(size);
  return nodes.reduce((sum, node, index) => sum + (weights[index] ?? 0) * integrand(node), 0);
};

describe('gaussLegendre', () => {
  it('has the published nodes and weights of three points', () => {
    const { nodes, weights } = gaussLegendre(3);
    [-0.774596669241483, 0, 0.774596669241483].forEach((node, index) =>
      expect(nodes[index]).toBeCloseTo(node, 14),
    );
    [5 / 9, 8 / 9, 5 / 9].forEach((weight, index) => expect(weights[index]).toBeCloseTo(weight, 14));
  });

  it.each([1, 2, 5, 40, 161])('is exact for polynomials of degree up to 2 n - 1: n = %i', (size) => {
    for (let power = 0; power <= Math.min(2 * size - 1, 60); power++) {
      expect(integral(size, (x) => x ** power)).toBeCloseTo(power % 2 === 0 ? 2 / (power + 1) : 0, 12);
    }
  });
});
