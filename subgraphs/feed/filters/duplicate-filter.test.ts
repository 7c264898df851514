import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidate, type Candidate } from '../pipeline/component.ts';
import { queryOf } from '../test/candidates.ts';
import { duplicateFilter } from './duplicate-filter.ts';

const found: fc.Arbitrary<Candidate[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      fc.constantFrom('COLLABORATIVE', 'FOLLOWED', 'FRESH'),
      fc.double({ min: 0, max: 10, noNaN: true }),
      fc.boolean(),
    )
    .map(([id, source, similarity, followed]) => candidate(id, source, { similarity, followed })),
  { maxLength: 30 },
);

describe('duplicateFilter', () => {
  it('names the source that found an item first and keeps what the others knew', () => {
    const kept = duplicateFilter.apply(queryOf(), [
      candidate('a', 'FRESH'),
      candidate('b', 'FRESH'),
      candidate('a', 'COLLABORATIVE', { similarity: 0.7 }),
      candidate('a', 'FOLLOWED', { followed: true }),
    ]);
    expect(kept).toEqual([
      candidate('a', 'FRESH', { similarity: 0.7, followed: true }),
      candidate('b', 'FRESH'),
    ]);
  });

  it('leaves each item once, in the order of discovery', () => {
    fc.assert(
      fc.property(found, (candidates) => {
        const given = structuredClone(candidates);
        const kept = duplicateFilter.apply(queryOf(), candidates);
        expect(kept.map(({ id }) => id)).toEqual([...new Set(given.map(({ id }) => id))]);
        for (const { id, source, similarity, followed } of kept) {
          const all = given.filter((other) => other.id === id);
          expect(source).toBe(all[0]?.source);
          expect(similarity).toBe(Math.max(...all.map((other) => other.similarity)));
          expect(followed).toBe(all.some((other) => other.followed));
        }
      }),
    );
  });
});
