import type { Transaction } from '#platform/database/database.ts';

/** The values of an entry that facets count. */
export interface Faceted {
  readonly category: string;
  readonly region: string;
  readonly tags: readonly string[];
}

/** An entry before and after a write; null where it is not live. */
export interface FacetChange {
  readonly before: Faceted | null;
  readonly after: Faceted | null;
}

/**
 * Keeps the counts of live entries per category, region and tag. Call it late in a transaction, for it locks counts that
 * other writers want too; it locks them in one order, so that writers never wait for each other in a circle.
 */
export async function countFacets(tx: Transaction, changes: readonly FacetChange[]): Promise<void> {
  const deltas = {
    category: new Map<string, number>(),
    region: new Map<string, number>(),
    tag: new Map<string, number>(),
  };
  const add = (entry: Faceted | null, by: number): void => {
    if (entry === null) return;
    bump(deltas.category, entry.category, by);
    bump(deltas.region, entry.region, by);
    for (const tag of entry.tags) bump(deltas.tag, tag, by);
  };
  for (const { before, after } of changes) {
    add(before, -1);
    add(after, 1);
  }
  const rows = Object.entries(deltas).flatMap(([kind, counts]) =>
    [...counts].filter(([, delta]) => delta !== 0).map(([value, delta]) => ({ kind, value, delta })),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO content.facet (kind, value, contents)
    SELECT kind, value, delta
    FROM unnest(
      ${rows.map((row) => row.kind)}::text[],
      ${rows.map((row) => row.value)}::text[],
      ${rows.map((row) => row.delta)}::int[]
    ) AS delta (kind, value, delta)
    ORDER BY kind, value
    ON CONFLICT (kind, value) DO UPDATE SET contents = facet.contents + excluded.contents`;
}

function bump(counts: Map<string, number>, value: string, by: number): void {
  counts.set(value, (counts.get(value) ?? 0) + by);
}
