import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TagSets } from './tag-sets.ts';

const tags = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'));

describe('TagSets', () => {
  it('has the cosine of two sets, whatever else it has seen', () => {
    fc.assert(
      fc.property(fc.array(tags), tags, tags, (before, one, other) => {
        const sets = new TagSets();
        for (const list of before) sets.of(list);
        const [a, b] = [new Set(one), new Set(other)];
        const common = a.intersection(b).size;
        const expected = common === 0 ? 0 : common / Math.sqrt(a.size * b.size);
        expect(TagSets.cosine(sets.of(one), sets.of(other))).toBeCloseTo(expected, 12);
      }),
    );
  });
});
