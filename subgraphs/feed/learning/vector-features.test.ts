import { describe, expect, it } from 'vitest';
import { numbers } from '#platform/vectors/test/vectors.ts';
import { toTraits } from './item-traits.ts';
import { vectorFeatures } from './vector-features.ts';

const dimensions = 3;
const weak = { tagPenalty: 1e-6, vendorPenalty: 1e-6 };

describe('vectorFeatures', () => {
  it('finds what tags and vendors say, where the vectors are made of it', () => {
    const random = numbers(7);
    const planted = new Map<string, number[]>();
    const say = (name: string): number[] => {
      const known = planted.get(name) ?? Array.from({ length: dimensions }, () => random() - 0.5);
      planted.set(name, known);
      return known;
    };
    const items = Array.from({ length: 200 }, (_, item) => ({
      vendor: `v${item % 6}`,
      tags: ['a', 'b', 'c', 'd', 'e'].filter(() => random() < 0.4),
    }));
    const sumsOf = ({ vendor, tags }: (typeof items)[number]): number[] =>
      [vendor, 'bias', ...tags].reduce<number[]>(
        (sum, name) => sum.map((value, index) => value + (say(name)[index] ?? 0)),
        Array.from({ length: dimensions }, () => 0),
      );
    const { names, ...traits } = toTraits(items);
    const table = vectorFeatures(
      traits,
      { dimensions, values: Float32Array.from(items.flatMap((item) => sumsOf(item))) },
      weak,
    );
    const rows = [...names.tags, ...names.vendors, 'bias'];
    expect(table.values).toHaveLength(rows.length * dimensions);
    const found = (name: string): number[] => {
      const row = rows.indexOf(name);
      return [...table.values.subarray(row * dimensions, (row + 1) * dimensions)];
    };
    for (const tag of names.tags) {
      for (const [index, value] of found(tag).entries()) expect(value).toBeCloseTo(say(tag)[index] ?? 0, 2);
    }
    // What is common to all vendors may as well be the bias.
    for (const vendor of names.vendors) {
      for (const [index, value] of found(vendor).entries()) {
        const sum = (say(vendor)[index] ?? 0) + (say('bias')[index] ?? 0);
        expect(value + (found('bias')[index] ?? 0)).toBeCloseTo(sum, 2);
      }
    }
  });

  it('believes less of what is seen less often, and of a tag that all have nothing', () => {
    const traits = toTraits([
      ...Array.from({ length: 50 }, () => ({ vendor: 'often', tags: ['everywhere'] })),
      { vendor: 'once', tags: ['everywhere'] },
    ]);
    const penalties = { tagPenalty: 10, vendorPenalty: 3 };
    // Of vectors that lie both ways the bias has nothing to say.
    const values = Float32Array.from({ length: 51 }, (_, item) => (item < 50 ? 1 : -1));
    const [everywhere = 1, often = 0, once = 0, bias = 0] = vectorFeatures(
      traits,
      { dimensions: 1, values },
      penalties,
    ).values;
    expect(everywhere).toBe(0);
    expect(often + bias).toBeCloseTo(1, 1);
    expect(Math.abs(once + bias + 1)).toBeGreaterThan(0.2);
  });
});
