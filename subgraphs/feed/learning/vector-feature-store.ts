import type { Database, Transaction } from '#platform/database/database.ts';
import type { TraitNames } from './item-traits.ts';
import type { VectorTable } from './item-vectors.ts';
import { decodeVector, encodeVector } from './vector-bytes.ts';
import { at } from './typed-array.ts';

/** Weights by feature: `tag:` or `vendor:` and its name, or `bias`. */
export type Features = ReadonlyMap<string, Float32Array>;

const bias = 'bias';

/** Features in one statement. */
const chunkSize = 1_000;

/** The features of an item. */
export function featuresOf(item: { readonly vendorId: string; readonly tags: readonly string[] }): string[] {
  return [...item.tags.map((tag) => `tag:${tag}`), `vendor:${item.vendorId}`, bias];
}

/** The sum of what `features` say, or null where none is known but the bias, which says nothing of this item. */
export function combineFeatures(known: Features, features: readonly string[]): Float32Array | null {
  const rows = features.flatMap((feature) => known.get(feature) ?? []);
  const [first] = rows;
  if (first === undefined || (rows.length === 1 && features.length > 1)) return null;
  const sum = new Float32Array(first.length);
  for (const row of rows) {
    for (let index = 0; index < sum.length; index++) sum[index] = at(sum, index) + at(row, index);
  }
  return sum.some((value) => value !== 0) ? sum : null;
}

/** The rows of features as they were learned, by name. */
export function nameFeatures(
  { tags, vendors }: TraitNames,
  { dimensions, values }: VectorTable,
): Map<string, Float32Array> {
  const names = [...tags.map((tag) => `tag:${tag}`), ...vendors.map((vendor) => `vendor:${vendor}`), bias];
  return new Map(names.map((name, row) => [name, values.subarray(row * dimensions, (row + 1) * dimensions)]));
}

/** Writes the features of a version, and how much each tag tells; returns them by name. */
export async function storeFeatures(
  database: Database,
  version: number,
  traits: TraitNames,
  idf: Float64Array,
  table: VectorTable,
): Promise<Features> {
  const features = nameFeatures(traits, table);
  const names = [...features.keys()];
  for (let start = 0; start < names.length; start += chunkSize) {
    const part = names.slice(start, start + chunkSize);
    await database.prisma.$executeRaw`
      INSERT INTO feed.vector_feature (version, feature, weights)
      SELECT ${version}::int, f.feature, decode(f.weights, 'base64')
      FROM unnest(
        ${part}::text[],
        ${part.map((name) => encodeVector(features.get(name) ?? new Float32Array()).toString('base64'))}::text[]
      ) AS f (feature, weights)`;
  }
  await database.transaction(async (tx) => {
    await tx.feedTagWeight.deleteMany();
    await tx.$executeRaw`
      INSERT INTO feed.tag_weight (tag, idf)
      SELECT * FROM unnest(${[...traits.tags]}::text[], ${[...idf]}::float8[])`;
  });
  return features;
}

/** Reads those of `names` that a version has. */
export async function readFeatures(
  tx: Transaction,
  version: number,
  names: readonly string[],
): Promise<Features> {
  const rows = await tx.feedVectorFeature.findMany({
    where: { version, feature: { in: [...new Set(names)] } },
    select: { feature: true, weights: true },
  });
  return new Map(rows.map(({ feature, weights }) => [feature, decodeVector(weights)]));
}
