import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { warmEvaluation } from './evaluation-set.ts';
import { judgeLists } from './judge-lists.ts';
import { judgeScorer } from './judge-scorer.ts';

describe('judgeLists', () => {
  it('measures a whole ranking as its scores are measured', () => {
    const items = Array.from({ length: 120 }, (_, item) => String(item));
    const shuffled = fc.shuffledSubarray(items, { minLength: 120 });
    const heldOut = fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(shuffled, heldOut), { minLength: 1, maxLength: 4 }), (users) => {
        const lists = users.map(([ranked, own]) => ({ items: ranked, heldOut: new Set(own) }));
        const { set } = warmEvaluation({
          training: items.map((itemId) => ({ userId: 'everything', itemId })),
          heldOut: new Map(lists.map((list, user) => [`u${user}`, list.heldOut])),
        });
        const byScore = judgeScorer(({ userId }, scores) => {
          const ranked = lists[Number(userId.slice(1))]?.items ?? [];
          for (const [place, itemId] of ranked.entries()) scores[set.candidateIds.indexOf(itemId)] = -place;
        }, set);
        const byList = judgeLists(lists, { depth: 100, catalogueSize: 120 });
        for (const name of ['recallAt20', 'recallAt50', 'ndcgAt20', 'ndcgAt100'] as const) {
          for (const [user, figure] of byScore[name].entries()) {
            expect(byList[name]?.[user]).toBeCloseTo(figure, 12);
          }
        }
        expect(byList.coverageAt20).toBeCloseTo(byScore.coverageAt20, 12);
      }),
      { numRuns: 30 },
    );
  });

  it('does not say what a short list cannot tell', () => {
    const lists = [{ items: ['a', 'b'], heldOut: new Set(['b']) }];
    const { recallAt20, recallAt50, ndcgAt100, auc } = judgeLists(lists, { depth: 20, catalogueSize: 4 });
    expect([...recallAt20]).toEqual([1]);
    expect([recallAt50, ndcgAt100, auc]).toEqual([null, null, null]);
  });
});
