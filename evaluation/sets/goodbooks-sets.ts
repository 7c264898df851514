import { goodbooks, readBookFeatures, readSaves } from '../datasets/goodbooks.ts';
import { readAll } from '../datasets/read-all.ts';
import { coldEvaluation, warmEvaluation } from '../metrics/evaluation-set.ts';
import { splitColdItems } from '../metrics/split-cold-items.ts';
import { checkSum, pairsOf, splitSaves } from '../metrics/split-saves.ts';
import { goodbooksBaselines } from '../models/baselines.ts';
import { coldBaselines } from '../models/cold-baselines.ts';
import { indexFeatures } from '../models/item-features.ts';
import type { EvaluatedSet } from './evaluate-set.ts';
import { warmFits } from './warm-fits.ts';

/** goodbooks-10k, saves of known books, by section 2 of the reference. */
export async function goodbooksSet(
  dataFolder: string,
  { withBaselines }: { withBaselines: boolean },
): Promise<EvaluatedSet> {
  const split = splitSaves(await readAll(readSaves(dataFolder)));
  const evaluation = warmEvaluation(split);
  const heldOut = pairsOf(split.heldOut);
  return {
    id: 'goodbooks',
    dataset: goodbooks(dataFolder, split.training),
    split,
    evaluation,
    checks: [
      { name: 'evaluation users', published: 2_117, found: split.heldOut.size },
      { name: 'training pairs', published: 897_434, found: split.training.length },
      { name: 'held-out pairs', published: 15_271, found: heldOut.length },
      { name: 'items with a training pair', published: 9_986, found: evaluation.training.itemCount },
      { name: 'check sum, training pairs', published: 3_828_090_421, found: checkSum(split.training) },
      { name: 'check sum, held-out pairs', published: 653_811_265, found: checkSum(heldOut) },
    ],
    ndcgDepth: 100,
    served: true,
    baselines: withBaselines ? warmFits(goodbooksBaselines) : [],
  };
}

/** goodbooks-10k, books that nobody has saved yet, by section 7 of the reference. */
export async function coldSet(
  dataFolder: string,
  { withBaselines }: { withBaselines: boolean },
): Promise<EvaluatedSet> {
  const books = await readAll(readBookFeatures(dataFolder));
  const split = splitColdItems(
    splitSaves(await readAll(readSaves(dataFolder))),
    books.map(({ itemId }) => itemId),
  );
  const evaluation = coldEvaluation(split);
  const { candidateIds } = evaluation.set;
  const relevant = pairsOf(split.heldOut);
  const features = indexFeatures(books, evaluation.training.itemIds, candidateIds);
  return {
    id: 'cold',
    dataset: goodbooks(dataFolder, split.training),
    split,
    evaluation,
    checks: [
      { name: 'hidden items', published: 976, found: split.hidden.size },
      { name: 'users', published: 2_028, found: split.heldOut.size },
      { name: 'training pairs', published: 814_169, found: split.training.length },
      { name: 'known items', published: 9_011, found: evaluation.training.itemCount },
      { name: 'relevant pairs', published: 7_175, found: relevant.length },
      { name: 'check sum, relevant pairs', published: 2_043_719_476, found: checkSum(relevant) },
    ],
    ndcgDepth: 20,
    served: false,
    baselines: withBaselines
      ? coldBaselines(features, candidateIds).map(({ model, reference, ...row }) => ({
          model,
          rows: [
            { ...row, gamma: 0, reference: { recallAt20: reference.recallAt20, ndcg: reference.ndcgAt20 } },
          ],
        }))
      : [],
  };
}
