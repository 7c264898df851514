import { createSharedSquare, type SharedSquare } from '#platform/linear-algebra/shared-square.ts';
import { invertChoices, type ChoiceMatrix } from './rp3beta.ts';
import type { ItemTraits } from './item-traits.ts';
import { at } from './typed-array.ts';

export interface GramParameters {
  /** Added to the diagonal. */
  readonly lambda: number;
  /** How much two items of one vendor count like users in common: over the square root of the vendor's items. */
  readonly vendorWeight: number;
  /** How much the cosine of two items' tags, weighted by their idf, counts like users in common. */
  readonly tagWeight: number;
}

/**
 * Returns XᵀX + vendorWeight · V + tagWeight · T + lambda · I over the items of `choices`: users in common, V_ij =
 * 1/√(items of the vendor) where i and j are of one vendor, T the cosines of the items' tags. V and T stand for users
 * who were not seen yet: they choose by vendor and by theme, so items that few have chosen get neighbours as well.
 */
export function itemGram(
  choices: ChoiceMatrix,
  traits: ItemTraits,
  { lambda, vendorWeight, tagWeight }: GramParameters,
  onProgress: (share: number) => void,
): SharedSquare {
  const square = createSharedSquare(choices.itemCount);
  const { values, stride, size } = square;
  const users = invertChoices(choices);
  const vendors = groupBy(traits.vendors);
  const tagged = itemsByTag(traits);
  const lengths = tagLengths(traits);
  const row = new Float64Array(size);
  for (let item = 0; item < size; item++) {
    row.fill(0);
    for (let index = at(users.offsets, item); index < at(users.offsets, item + 1); index++) {
      const user = at(users.items, index);
      for (let place = at(choices.offsets, user); place < at(choices.offsets, user + 1); place++) {
        const other = at(choices.items, place);
        row[other] = at(row, other) + 1;
      }
    }
    const own = vendors.get(at(traits.vendors, item)) ?? [];
    for (const other of own) row[other] = at(row, other) + vendorWeight / Math.sqrt(own.length);
    for (let index = at(traits.tagOffsets, item); index < at(traits.tagOffsets, item + 1); index++) {
      const tag = at(traits.tags, index);
      const weight = at(traits.idf, tag) ** 2;
      if (weight === 0) continue;
      const share = (tagWeight * weight) / at(lengths, item);
      for (let place = at(tagged.offsets, tag); place < at(tagged.offsets, tag + 1); place++) {
        const other = at(tagged.items, place);
        row[other] = at(row, other) + share / at(lengths, other);
      }
    }
    row[item] = at(row, item) + lambda;
    values.set(row, item * stride);
    if (item % 500 === 499) onProgress((item + 1) / size);
  }
  return square;
}

function groupBy(numbers: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [item, number] of numbers.entries()) {
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [item]);
    else group.push(item);
  }
  return groups;
}

/** Tag t is on the items `items[offsets[t]] … items[offsets[t + 1] − 1]`. */
function itemsByTag({ tagOffsets, tags, idf }: ItemTraits): { offsets: Int32Array; items: Int32Array } {
  return invertChoices({ itemCount: idf.length, offsets: tagOffsets, items: tags });
}

/** The length of each item's vector of tags; 1 where it has none, so that nothing is divided by 0. */
function tagLengths({ tagOffsets, tags, idf }: ItemTraits): Float64Array {
  return Float64Array.from({ length: tagOffsets.length - 1 }, (_, item) => {
    let sum = 0;
    for (let index = at(tagOffsets, item); index < at(tagOffsets, item + 1); index++) {
      sum += at(idf, at(tags, index)) ** 2;
    }
    return sum === 0 ? 1 : Math.sqrt(sum);
  });
}
