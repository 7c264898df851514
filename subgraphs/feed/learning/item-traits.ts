import type { Database } from '#platform/database/database.ts';

/** What the catalogue says of the items of a model, as numbers. */
export interface ItemTraits {
  /** The vendor of each item. */
  readonly vendors: Int32Array<ArrayBuffer>;
  /** Item i has the tags `tags[tagOffsets[i]] … tags[tagOffsets[i + 1] − 1]`. */
  readonly tagOffsets: Int32Array<ArrayBuffer>;
  readonly tags: Int32Array<ArrayBuffer>;
  /** Of each tag ln(items / items with the tag), over the items of the model. */
  readonly idf: Float64Array<ArrayBuffer>;
}

/** The names behind the numbers of traits. */
export interface TraitNames {
  readonly vendors: readonly string[];
  readonly tags: readonly string[];
}

/** Items in one statement. */
const pageSize = 2_000;

/** Reads vendor and tags of `ids`, in their order. */
export async function readItemTraits(
  database: Database,
  ids: readonly string[],
): Promise<ItemTraits & { readonly names: TraitNames }> {
  const entries = new Map<string, { vendor: string; tags: readonly string[] }>();
  for (let from = 0; from < ids.length; from += pageSize) {
    const rows = await database.prisma.feedContent.findMany({
      where: { id: { in: ids.slice(from, from + pageSize) } },
      select: { id: true, vendorId: true, tags: true },
    });
    for (const { id, vendorId, tags } of rows) entries.set(id, { vendor: vendorId, tags });
  }
  return toTraits(ids.map((id) => entries.get(id) ?? { vendor: '', tags: [] }));
}

/** Numbers vendors and tags in the order in which they come. */
export function toTraits(
  items: readonly { readonly vendor: string; readonly tags: readonly string[] }[],
): ItemTraits & { readonly names: TraitNames } {
  const vendorNumbers = new Map<string, number>();
  const tagNumbers = new Map<string, number>();
  const counts: number[] = [];
  const tagOffsets = new Int32Array(items.length + 1);
  const vendors = new Int32Array(items.length);
  const tags: number[] = [];
  for (const [item, entry] of items.entries()) {
    vendors[item] = numberOf(vendorNumbers, entry.vendor);
    for (const tag of new Set(entry.tags)) {
      const number = numberOf(tagNumbers, tag);
      counts[number] = (counts[number] ?? 0) + 1;
      tags.push(number);
    }
    tagOffsets[item + 1] = tags.length;
  }
  return {
    vendors,
    tagOffsets,
    tags: Int32Array.from(tags),
    idf: Float64Array.from(counts, (count) => Math.log(items.length / count)),
    names: { vendors: [...vendorNumbers.keys()], tags: [...tagNumbers.keys()] },
  };
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
