import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidate, type Candidate } from '../pipeline/component.ts';
import { queryOf } from '../test/candidates.ts';
import { duplicateFilter } from './duplicate-filter.ts';

const found: fc.Arbitrary<Candidate[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      fc.constantFrom('COLLABORATIVE', 'FOLLOWED', 'NEAREST', 'FRESH'),
    )
    .map(([id, source]) => candidate(id, source)),
  { maxLength: 30 },
);

describe('duplicateFilter', () => {
  it('names the source that found an item first', () => {
    const kept = duplicateFilter.apply(queryOf(), [
      candidate('a', 'FRESH'),
      candidate('b', 'FRESH'),
      candidate('a', 'COLLABORATIVE'),
      candidate('a', 'FOLLOWED'),
    ]);
    expect(kept).toEqual([candidate('a', 'FRESH'), candidate('b', 'FRESH')]);
  });

  it('leaves each item once, in the order of discovery', () => {
    fc.assert(
      fc.property(found, (candidates) => {
        const given = structuredClone(candidates);
        const kept = duplicateFilter.apply(queryOf(), candidates);
        expect(kept.map(({ id }) => id)).toEqual([...new Set(given.map(({ id }) => id))]);
        for (const { id, source } of kept) {
          expect(source).toBe(given.find((other) => other.id === id)?.source);
        }
      }),
    );
  });
});
