import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean } from './bootstrap.ts';
import { warmEvaluation } from './evaluation-set.ts';
import { judgeScorer } from './judge-scorer.ts';
import { rankCandidates } from './rank-candidates.ts';
import { auc, coverageAt, ndcgAt, recallAt } from './ranking-metrics.ts';

describe('judgeScorer', () => {
  // Few different scores, so that ties are many.
  const cases = fc.record({
    items: fc.integer({ min: 30, max: 150 }),
    scores: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 150, maxLength: 150 }),
    own: fc.array(fc.uniqueArray(fc.nat(19), { minLength: 1, maxLength: 15 }), {
      minLength: 1,
      maxLength: 5,
    }),
    heldOut: fc.uniqueArray(fc.integer({ min: 20, max: 160 }), { minLength: 1, maxLength: 60 }),
  });

  it('measures what the plain metrics over ids do', () => {
    fc.assert(
      fc.property(cases, ({ items, scores, own, heldOut }) => {
        const catalogue = Array.from({ length: items }, (_, item) => String(item));
        const relevant = new Set(heldOut.map(String));
        const split = {
          training: [
            ...catalogue.map((itemId) => ({ userId: 'everything', itemId })),
            ...own.flatMap((ids, user) => ids.map((id) => ({ userId: `u${user}`, itemId: String(id) }))),
          ],
          heldOut: new Map(own.map((_, user) => [`u${user}`, relevant])),
        };
        const { set } = warmEvaluation(split);
        const scoreOf = (userId: string, item: number): number =>
          scores[(item * Number(userId.slice(1)) + item) % scores.length] ?? 0;
        const judged = judgeScorer(({ userId }, into) => {
          for (const [item, itemId] of set.candidateIds.entries())
            into[item] = scoreOf(userId, Number(itemId));
        }, set);
        const rankings = set.users.map(({ userId }, user) => {
          const all = new Map(catalogue.map((itemId) => [itemId, scoreOf(userId, Number(itemId))]));
          const mine = new Set(own[user]?.map(String));
          const ranked = rankCandidates(all).filter((itemId) => !mine.has(itemId));
          expect(judged.recallAt20[user]).toBeCloseTo(recallAt(20, ranked, relevant), 12);
          expect(judged.recallAt50[user]).toBeCloseTo(recallAt(50, ranked, relevant), 12);
          expect(judged.ndcgAt20[user]).toBeCloseTo(ndcgAt(20, ranked, relevant), 12);
          expect(judged.ndcgAt100[user]).toBeCloseTo(ndcgAt(100, ranked, relevant), 12);
          const plain = auc(all, mine, relevant);
          expect(judged.auc[user]).toBeCloseTo(Number.isNaN(plain) ? 0 : plain, 12);
          return ranked;
        });
        expect(judged.coverageAt20).toBeCloseTo(coverageAt(20, rankings, items), 12);
      }),
    );
  });

  it('has a figure for every user', () => {
    const pairs = Array.from({ length: 40 }, (_, item) => ({ userId: 'a', itemId: String(item) }));
    const split = {
      training: [...pairs, { userId: 'b', itemId: '0' }],
      heldOut: new Map([['b', new Set(['1', 'absent'])]]),
    };
    const { training, set } = warmEvaluation(split);
    const { recallAt20, auc: areas } = judgeScorer((_user, scores) => {
      scores[training.itemIds.indexOf('1')] = 1;
    }, set);
    expect(mean([...recallAt20])).toBe(0.5);
    expect([...areas]).toEqual([0.5]);
  });
});
