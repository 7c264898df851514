import type { Database } from '#platform/database/database.ts';

/** What the users of a taste cluster choose more than others do: slugs, the most telling first. */
export interface ClusterInterests {
  readonly categories: readonly string[];
  readonly tags: readonly string[];
}

/** What is known of a cluster before. */
export interface DescribableCluster {
  readonly cluster: number;
  /** Users that it was learned from. */
  readonly users: number;
  /** The items nearest to it. */
  readonly anchors: readonly string[];
}

/** Of fewer users, or by fewer items, nothing is said: it could be what one of them chose. */
const least = { users: 20, anchors: 20 };

/** What fewer anchors or vendors have in common is chance, or one vendor's doing. */
const inCommon = { anchors: 5, vendors: 3 };

/** Times as frequent among the anchors as among all items. */
const leastLift = 1.5;

const most = { categories: 2, tags: 5 };

/**
 * What tells each of `clusters` from all users, by the catalogue's words for the items nearest to it: categories and tags by
 * share · ln(lift), their part in the divergence of these items from all (Kullback and Leibler, 1951), with lift = share among
 * these items ÷ share among all. A cluster of fewer than 20 users or items is left out, and what fewer than 5 items or 3
 * vendors have in common.
 */
export async function readInterests(
  database: Database,
  clusters: readonly DescribableCluster[],
): Promise<Map<number, ClusterInterests>> {
  const known = clusters.filter(({ users }) => users >= least.users);
  const anchors = await anchorsOf(database, known);
  const tags = new Set([...anchors.values()].flatMap((each) => each.tags));
  const [tagShares, categoryShares] = await Promise.all([
    sharesOfTags(database, [...tags]),
    sharesOfCategories(database),
  ]);
  const interests = new Map<number, ClusterInterests>();
  for (const { cluster, anchors: ids } of known) {
    const items = ids.flatMap((id) => anchors.get(id) ?? []);
    if (items.length < least.anchors) continue;
    interests.set(cluster, {
      categories: telling(items, (item) => [item.category], categoryShares).slice(0, most.categories),
      tags: telling(items, (item) => item.tags, tagShares).slice(0, most.tags),
    });
  }
  return interests;
}

interface Anchor {
  readonly id: string;
  readonly vendorId: string;
  readonly category: string;
  readonly tags: readonly string[];
}

async function anchorsOf(
  database: Database,
  clusters: readonly DescribableCluster[],
): Promise<Map<string, Anchor>> {
  const rows = await database.prisma.feedContent.findMany({
    where: { id: { in: clusters.flatMap(({ anchors }) => anchors) }, removedAt: null },
    select: { id: true, vendorId: true, category: true, tags: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** By the idf that a training noted: the share of items with the tag. */
async function sharesOfTags(
  database: Database,
  tags: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await database.prisma.feedTagWeight.findMany({ where: { tag: { in: [...tags] } } });
  return new Map(rows.map(({ tag, idf }) => [tag, Math.exp(-idf)]));
}

async function sharesOfCategories(database: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await database.prisma.$queryRaw<{ category: string; share: number }[]>`
    SELECT category, count(*) / sum(count(*)) OVER ()::float8 AS share
    FROM feed.content WHERE removed_at IS NULL GROUP BY category`;
  return new Map(rows.map(({ category, share }) => [category, share]));
}

/** The words of `items` that tell them from all, the most telling first. */
function telling(
  items: readonly Anchor[],
  wordsOf: (item: Anchor) => readonly string[],
  shares: ReadonlyMap<string, number>,
): string[] {
  const vendors = new Map<string, string[]>();
  for (const item of items) {
    for (const word of new Set(wordsOf(item))) {
      vendors.set(word, [...(vendors.get(word) ?? []), item.vendorId]);
    }
  }
  return [...vendors]
    .flatMap(([word, of]) => {
      const share = of.length / items.length;
      const lift = share / (shares.get(word) ?? Infinity);
      const isCommon = of.length >= inCommon.anchors && new Set(of).size >= inCommon.vendors;
      return isCommon && lift >= leastLift ? [{ word, weight: share * Math.log(lift) }] : [];
    })
    .toSorted((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1))
    .map(({ word }) => word);
}
