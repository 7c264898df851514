import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../datasets/dataset.ts';
import { readSaves } from '../datasets/goodbooks.ts';
import { readAll } from '../datasets/read-all.ts';
import { topPop } from '../models/top-pop.ts';
import { bootstrapMean } from './bootstrap.ts';
import { warmEvaluation } from './evaluation-set.ts';
import { judgeScorer } from './judge-scorer.ts';
import { checkSum, pairsOf, splitSaves, type Pair, type Split } from './split-saves.ts';

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
    pairs = await readAll(readSaves(defaultDataFolder));
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

  it('measures the popularity baseline as published', async () => {
    const { training, set } = warmEvaluation(split);
    const popular = Array.from(training.counts.keys()).toSorted(
      (a, b) => (training.counts[b] ?? 0) - (training.counts[a] ?? 0),
    );
    expect(training.itemCount).toBe(9_986);
    expect(popular.slice(0, 5).map((item) => training.itemIds[item])).toEqual([
      '47',
      '143',
      '113',
      '13',
      '11',
    ]);
    const judged = judgeScorer(await topPop().fit(training), set);
    const recall = bootstrapMean(judged.recallAt20);
    expect(recall.mean).toBeCloseTo(0.0375, 4);
    expect(recall.low).toBeCloseTo(0.034, 3);
    expect(recall.high).toBeCloseTo(0.041, 3);
    expect(bootstrapMean(judged.recallAt50).mean).toBeCloseTo(0.0792, 4);
    expect(bootstrapMean(judged.ndcgAt20).mean).toBeCloseTo(0.0287, 4);
    expect(bootstrapMean(judged.ndcgAt100).mean).toBeCloseTo(0.061, 4);
    expect(bootstrapMean(judged.auc).mean).toBeCloseTo(0.8097, 4);
    expect(judged.coverageAt20).toBeCloseTo(0.0031, 4);
  });
});
