import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopHits } from './top-hits.ts';

describe('TopHits', () => {
  it('keeps what sorting everything would put first', () => {
    const hits = fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 3 }),
        similarity: fc.constantFrom(-1, -0.5, 0, 0.25, 1),
      }),
      { selector: ({ id }) => id, maxLength: 60 },
    );
    fc.assert(
      fc.property(hits, fc.integer({ min: 1, max: 20 }), (offered, limit) => {
        const top = new TopHits(limit);
        for (const { id, similarity } of offered) if (top.admits(similarity)) top.offer(id, similarity);
        const sorted = offered.toSorted((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
        expect(top.sorted()).toEqual(sorted.slice(0, limit));
      }),
    );
  });

  it('gives an id once, at its best, and no cosine beyond 1', () => {
    const top = new TopHits(5);
    top.offer('a', 0.5);
    top.offer('a', 1.0000001);
    top.offer('b', 0.7);
    expect(top.sorted()).toEqual([
      { id: 'a', similarity: 1 },
      { id: 'b', similarity: 0.7 },
    ]);
  });
});
