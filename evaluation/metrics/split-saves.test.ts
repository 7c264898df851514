import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../datasets/dataset.ts';
import { readSaves } from '../datasets/goodbooks.ts';
import { bootstrapInterval, mean } from './bootstrap.ts';
import { rankCandidates } from './rank-candidates.ts';
import { auc, coverageAt, ndcgAt, recallAt } from './ranking-metrics.ts';
import { checkSum, splitSaves, type Pair, type Split } from './split-saves.ts';

describe('splitSaves', () => {
  it('holds out some saves of some users with many, and trains on every other', () => {
    const pairs = Array.from({ length: 2_500 }, (_, index) => ({
      userId: String(index % 100),
      itemId: String(index),
    }));
    const { training, heldOut } = splitSaves(pairs);
    const out = pairsOf(heldOut);
    expect(new Set([...training, ...out].map(({ userId, itemId }) => `${userId}:${itemId}`)).size).toBe(
      2_500,
    );
    expect(training.length + out.length).toBe(2_500);
    expect(heldOut.size).toBeGreaterThan(0);
    expect(heldOut.size).toBeLessThan(40);
  });
});

// The data is not part of the repository.
describe.skipIf(!existsSync(defaultDataFolder))(`goodbooks, if in ${defaultDataFolder}`, () => {
  let split: Split;
  let pairs: Pair[];
  beforeAll(async () => {
    pairs = [];
    for await (const pair of readSaves(defaultDataFolder)) pairs.push(pair);
    split = splitSaves(pairs);
  });

  it('splits into the published counts and check sums', () => {
    const out = pairsOf(split.heldOut);
    expect(pairs).toHaveLength(912_705);
    expect(split.heldOut.size).toBe(2_117);
    expect(split.training).toHaveLength(897_434);
    expect(out).toHaveLength(15_271);
    expect(checkSum(split.training)).toBe(3_828_090_421);
    expect(checkSum(out)).toBe(653_811_265);
    expect(split.heldOut.get('30')?.size).toBe(5);
  });

  it('measures the popularity baseline as published', () => {
    const popularity = new Map<string, number>();
    const seen = new Map<string, Set<string>>();
    for (const { userId, itemId } of split.training) {
      popularity.set(itemId, (popularity.get(itemId) ?? 0) + 1);
      if (split.heldOut.has(userId)) seen.set(userId, (seen.get(userId) ?? new Set()).add(itemId));
    }
    const ranking = rankCandidates(popularity);
    expect(popularity.size).toBe(9_986);
    expect(ranking.slice(0, 5)).toEqual(['47', '143', '113', '13', '11']);
    const users = [...split.heldOut].map(([userId, heldOut]) => {
      const own = seen.get(userId) ?? new Set();
      return { heldOut, own, ranked: ranking.filter((item) => !own.has(item)).slice(0, 100) };
    });
    const recalls = users.map(({ ranked, heldOut }) => recallAt(20, ranked, heldOut));
    expect(mean(recalls)).toBeCloseTo(0.0375, 4);
    expect(mean(users.map(({ ranked, heldOut }) => recallAt(50, ranked, heldOut)))).toBeCloseTo(0.0792, 4);
    expect(mean(users.map(({ ranked, heldOut }) => ndcgAt(20, ranked, heldOut)))).toBeCloseTo(0.0287, 4);
    expect(mean(users.map(({ ranked, heldOut }) => ndcgAt(100, ranked, heldOut)))).toBeCloseTo(0.061, 4);
    expect(mean(users.map(({ own, heldOut }) => auc(popularity, own, heldOut)))).toBeCloseTo(0.8097, 4);
    const rankings = users.map(({ ranked }) => ranked);
    expect(coverageAt(20, rankings, popularity.size)).toBeCloseTo(0.0031, 4);
    const { low, high } = bootstrapInterval(recalls, mean);
    expect(low).toBeCloseTo(0.034, 3);
    expect(high).toBeCloseTo(0.041, 3);
  });
});

function pairsOf(heldOut: Split['heldOut']): Pair[] {
  return [...heldOut].flatMap(([userId, items]) => [...items].map((itemId) => ({ userId, itemId })));
}
