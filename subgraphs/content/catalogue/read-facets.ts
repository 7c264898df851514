import type { Database } from '#platform/database/database.ts';
import { Prisma } from '#platform/database/generated/client.ts';
import { inOrder } from './read-catalogue.ts';
import type { VendorBound } from './vendor-bound.ts';

export type FacetKind = 'category' | 'region';

interface Counted {
  readonly value: string;
  readonly contents: number;
}

const facetColumns = { category: Prisma.sql`c.category`, region: Prisma.sql`c.region` };

/** Live entries within `bound` per value of a facet, by value; empty values are left out. */
export async function readFacet(
  { prisma }: Database,
  kind: FacetKind,
  bound: VendorBound,
): Promise<Counted[]> {
  if (bound !== null) return countOfVendor({ prisma }, kind, bound);
  return prisma.facet.findMany({
    where: { kind, contents: { gt: 0 } },
    select: { value: true, contents: true },
    orderBy: { value: 'asc' },
  });
}

/** Live entries within `bound` of the given values of a facet, 0 where there is none; one statement. */
export async function countFacetValues(
  { prisma }: Database,
  kind: FacetKind,
  values: readonly string[],
  bound: VendorBound,
): Promise<number[]> {
  const rows: Counted[] =
    bound === null
      ? await prisma.facet.findMany({ where: { kind, value: { in: [...values] } } })
      : await countOfVendor({ prisma }, kind, bound);
  return inOrder(values, rows, ({ value }) => value).map((row) => row?.contents ?? 0);
}

/** The facets of a single vendor are not kept; its entries are few enough to be counted. */
function countOfVendor(
  { prisma }: Pick<Database, 'prisma'>,
  kind: FacetKind,
  vendorId: string,
): Promise<Counted[]> {
  const column = facetColumns[kind];
  return prisma.$queryRaw<Counted[]>`
    SELECT ${column} AS value, count(*)::int AS contents FROM content.content c
    WHERE c.vendor_id = ${vendorId} AND c.deleted_at IS NULL
    GROUP BY ${column} ORDER BY ${column}`;
}
