import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../datasets/dataset.ts';
import { readBookFeatures, readSaves, type BookFeatures } from '../datasets/goodbooks.ts';
import { readLikes } from '../datasets/movielens.ts';
import { readAll } from '../datasets/read-all.ts';
import { mean } from '../metrics/bootstrap.ts';
import { coldEvaluation, warmEvaluation, type Evaluation } from '../metrics/evaluation-set.ts';
import { judgeScorer, type Judgement } from '../metrics/judge-scorer.ts';
import { splitColdItems } from '../metrics/split-cold-items.ts';
import { splitLikes } from '../metrics/split-likes.ts';
import { splitSaves } from '../metrics/split-saves.ts';
import { movielensBaselines } from './baselines.ts';
import { coldBaselines } from './cold-baselines.ts';
import { indexFeatures } from './item-features.ts';
import type { Model } from './model.ts';

async function judge(model: Model, { training, set }: Evaluation): Promise<Judgement> {
  return judgeScorer(await model.fit(training), set);
}

/** Half of the last of the published decimals, and rounding. */
const rounded = 0.000_051;

// The data is not part of the repository. Models that take long are measured by the report alone.
describe.skipIf(!existsSync(defaultDataFolder))(`baselines, if the data is in ${defaultDataFolder}`, () => {
  describe('on the likes of ml-latest-small', () => {
    let evaluation: Evaluation;
    beforeAll(async () => {
      evaluation = warmEvaluation(splitLikes(await readAll(readLikes(defaultDataFolder))));
    });

    const quick = movielensBaselines.flatMap(({ model, rows }) =>
      rows.slice(0, 1).map((row) => ({ model, ...row, title: `${row.name} ${row.parameters}` })),
    );
    it.each(
      quick.filter(
        ({ name, parameters }) => parameters === 'rank 32' || !/SVD|EASE| all/.test(name + parameters),
      ),
    )('reaches the published figures with $title', async ({ name, model, reference }) => {
      const judged = await judge(model, evaluation);
      // Which of equal neighbours the product keeps is its own choice.
      const most = name === 'RP3beta' ? 0.000_5 : rounded;
      expect(Math.abs(mean([...judged.recallAt20]) - reference.recallAt20)).toBeLessThan(most);
      expect(Math.abs(mean([...judged.ndcgAt100]) - reference.ndcgAt100)).toBeLessThan(most);
    });
  });

  describe('on the new books of goodbooks', () => {
    let evaluation: Evaluation;
    let books: BookFeatures[];
    beforeAll(async () => {
      books = await readAll(readBookFeatures(defaultDataFolder));
      const saves = splitSaves(await readAll(readSaves(defaultDataFolder)));
      evaluation = coldEvaluation(
        splitColdItems(
          saves,
          books.map(({ itemId }) => itemId),
        ),
      );
    });

    it('reaches the published figures', async () => {
      const { candidateIds } = evaluation.set;
      const features = indexFeatures(books, evaluation.training.itemIds, candidateIds);
      for (const { name, parameters, model, reference } of coldBaselines(features, candidateIds)) {
        const judged = await judge(model, evaluation);
        const off = [
          mean([...judged.recallAt20]) - reference.recallAt20,
          mean([...judged.ndcgAt20]) - reference.ndcgAt20,
        ];
        expect(Math.max(...off.map(Math.abs)), `${name} ${parameters}`).toBeLessThan(rounded);
      }
    });
  });
});
