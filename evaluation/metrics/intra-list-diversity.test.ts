import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TagSets } from '../../subgraphs/feed/selectors/tag-sets.ts';
import { intraListDiversity } from './intra-list-diversity.ts';

describe('intraListDiversity', () => {
  const diversityOf = (...lists: readonly (readonly string[])[]): number => {
    const tags = new TagSets();
    return intraListDiversity(lists.map((list) => tags.of(list)));
  };

  it('is 0 where all have the same tags and 1 where none has one in common', () => {
    expect(diversityOf(['sea', 'war'], ['war', 'sea'], ['sea', 'war'])).toBeCloseTo(0, 12);
    expect(diversityOf(['sea'], ['war'], [])).toBe(1);
    expect(diversityOf(['sea'])).toBe(1);
  });

  it('is the mean over pairs', () => {
    // Cosines: 1/√2, 0 and 1/√2.
    expect(diversityOf(['sea'], ['sea', 'war'], ['war'])).toBeCloseTo(1 - (2 * Math.SQRT1_2) / 3, 12);
  });

  it('does not depend on the order', () => {
    const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(fc.array(tags, { maxLength: 12 }), (lists) => {
        const diversity = diversityOf(...lists);
        expect(diversity).toBeGreaterThanOrEqual(-1e-12);
        expect(diversity).toBeLessThanOrEqual(1);
        expect(diversityOf(...lists.toReversed())).toBeCloseTo(diversity, 12);
      }),
    );
  });
});
