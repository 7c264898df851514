import { movielens, readLikes } from '../datasets/movielens.ts';
import { readAll } from '../datasets/read-all.ts';
import { warmEvaluation } from '../metrics/evaluation-set.ts';
import { splitLikes } from '../metrics/split-likes.ts';
import { checkSum, pairsOf } from '../metrics/split-saves.ts';
import { movielensBaselines } from '../models/baselines.ts';
import type { EvaluatedSet } from './evaluate-set.ts';
import { warmFits } from './warm-fits.ts';

/** MovieLens ml-latest-small, likes, by section 2 of the reference. */
export async function movielensSet(
  dataFolder: string,
  { withBaselines }: { withBaselines: boolean },
): Promise<EvaluatedSet> {
  const split = splitLikes(await readAll(readLikes(dataFolder)));
  const evaluation = warmEvaluation(split);
  const heldOut = pairsOf(split.heldOut);
  return {
    id: 'movielens',
    dataset: movielens(dataFolder, split.training),
    split,
    evaluation,
    checks: [
      { name: 'evaluation users', published: 625, found: split.heldOut.size },
      { name: 'training pairs', published: 41_268, found: split.training.length },
      { name: 'held-out pairs', published: 10_014, found: heldOut.length },
      { name: 'items with a training pair', published: 5_295, found: evaluation.training.itemCount },
      { name: 'check sum, training pairs', published: 3_596_490_893, found: checkSum(split.training) },
      { name: 'check sum, held-out pairs', published: 569_558_178, found: checkSum(heldOut) },
    ],
    ndcgDepth: 100,
    served: true,
    baselines: withBaselines ? warmFits(movielensBaselines) : [],
  };
}
