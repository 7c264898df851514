import { authorPop } from './author-pop.ts';
import type { ItemFeatures } from './item-features.ts';
import type { Model } from './model.ts';
import { random } from './random.ts';
import { tagCosineAuthor } from './tag-cosine-author.ts';
import { tagCosine } from './tag-cosine.ts';
import { tagPop } from './tag-pop.ts';

export interface ColdBaseline {
  readonly name: string;
  readonly parameters: string;
  readonly model: Model;
  /** Published figures of the same model, parameters and split, 0..1. */
  readonly reference: { readonly recallAt20: number; readonly ndcgAt20: number };
}

/** Figures of section 7 and 9 of the reference: goodbooks, items that nobody has saved yet. */
export function coldBaselines(features: ItemFeatures, candidateIds: readonly string[]): ColdBaseline[] {
  const cosine = (weighting: 'raw' | 'idf', b: number, c: number): Model =>
    tagCosineAuthor(features, { weighting, b, c });
  return [
    row('Random', '', random(candidateIds), [0.0183, 0.0095]),
    row('TagPop, same for all', 'mean m(t)', tagPop(features, 'same for all'), [0.0408, 0.018]),
    row('AuthorPop', 'smoothed k 5', authorPop(features), [0.052, 0.0373]),
    row('TagPop', 'sum n_u(t) m(t) / (number of tags of i)', tagPop(features, 'mean'), [0.1502, 0.0786]),
    row('TagPop', 'sum n_u(t) m(t)', tagPop(features, 'sum'), [0.1626, 0.0927]),
    row('TagCosine', 'raw counts', tagCosine(features, 'raw'), [0.1722, 0.0946]),
    row('TagCosine', 'idf', tagCosine(features, 'idf'), [0.178, 0.1019]),
    row('TagCosine + author', 'raw b 0.2', cosine('raw', 0.2, 0), [0.2697, 0.1858]),
    row('TagCosine + author', 'idf b 0.5', cosine('idf', 0.5, 0), [0.2715, 0.1912]),
    row(
      'TagCosine + author + author popularity',
      'idf b 0.5 c 0.1',
      cosine('idf', 0.5, 0.1),
      [0.2786, 0.1946],
    ),
  ];
}

function row(
  name: string,
  parameters: string,
  model: Model,
  [recallAt20, ndcgAt20]: readonly [number, number],
): ColdBaseline {
  return { name, parameters, model, reference: { recallAt20, ndcgAt20 } };
}
