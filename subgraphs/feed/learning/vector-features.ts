import type { VectorTable } from './item-vectors.ts';
import type { ItemTraits } from './item-traits.ts';
import { ridge, type SparseRows } from './ridge.ts';
import { at } from './typed-array.ts';

export interface FeatureParameters {
  readonly tagPenalty: number;
  readonly vendorPenalty: number;
}

/** Against a bias of its own there is nothing to hold. */
const biasPenalty = 1e-3;

/**
 * What tags, vendors and neither say of an item's vector, by ridge regression of the vectors of items that were chosen
 * on their tags, weighted by idf, and their vendor. The vector of an item that nobody has chosen yet is the sum of the
 * rows of its tags and its vendor and of the bias. Rows: the tags, then the vendors, then the bias; the tags' with their
 * idf already in them.
 */
export function vectorFeatures(
  traits: ItemTraits,
  { dimensions, values }: VectorTable,
  { tagPenalty, vendorPenalty }: FeatureParameters,
): VectorTable {
  const tagCount = traits.idf.length;
  const rows = featureRows(traits);
  const penalties = Float64Array.from({ length: rows.columnCount }, (_, column) =>
    column < tagCount ? tagPenalty : vendorPenalty,
  );
  penalties[rows.columnCount - 1] = biasPenalty;
  const weights = ridge(rows, { width: dimensions, values: Float64Array.from(values) }, penalties).values;
  for (let index = 0; index < tagCount * dimensions; index++) {
    weights[index] = at(weights, index) * at(traits.idf, Math.floor(index / dimensions));
  }
  return { dimensions, values: Float32Array.from(weights) };
}

function featureRows({ vendors, tagOffsets, tags, idf }: ItemTraits): SparseRows {
  const vendorCount = vendors.reduce((most, vendor) => Math.max(most, vendor + 1), 0);
  const columnCount = idf.length + vendorCount + 1;
  const itemCount = vendors.length;
  const offsets = new Int32Array(itemCount + 1);
  const columns = new Int32Array(tags.length + 2 * itemCount);
  const values = new Float64Array(columns.length);
  let place = 0;
  const add = (column: number, value: number): void => {
    columns[place] = column;
    values[place] = value;
    place++;
  };
  for (let item = 0; item < itemCount; item++) {
    for (let index = at(tagOffsets, item); index < at(tagOffsets, item + 1); index++) {
      add(at(tags, index), at(idf, at(tags, index)));
    }
    add(idf.length + at(vendors, item), 1);
    add(columnCount - 1, 1);
    offsets[item + 1] = place;
  }
  return { columnCount, offsets, columns, values };
}
