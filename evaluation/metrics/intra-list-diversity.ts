import { TagSets } from '../../subgraphs/feed/selectors/tag-sets.ts';

/**
 * How different the items of a list are: 1 − the mean over all pairs of the cosine of their tags (Ziegler et al.,
 * "Improving recommendation lists through topic diversification", WWW 2005, per pair). Sets come from one `TagSets`.
 * 0..1; 1 for a list without pairs.
 */
export function intraListDiversity(tagSets: readonly Int32Array[]): number {
  let alike = 0;
  let pairs = 0;
  for (const [place, tags] of tagSets.entries()) {
    for (const others of tagSets.slice(0, place)) {
      alike += TagSets.cosine(tags, others);
      pairs++;
    }
  }
  return pairs === 0 ? 1 : 1 - alike / pairs;
}
