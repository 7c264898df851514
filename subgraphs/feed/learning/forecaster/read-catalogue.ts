import type { Database } from '#platform/database/database.ts';
import type { CatalogueFacts } from '../../pipeline/component.ts';

/** Items in one statement. */
const pageSize = 2_000;

/** Reads what the projection knows of all items that are there, but for their popularity and what anybody did with them. */
export async function readCatalogue(
  database: Database,
  signal: AbortSignal | undefined,
): Promise<Map<string, CatalogueFacts>> {
  const catalogue = new Map<string, CatalogueFacts>();
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await database.prisma.feedContent.findMany({
      where: { id: { gt: after }, removedAt: null },
      orderBy: { id: 'asc' },
      take: pageSize,
      select: {
        id: true,
        vendorId: true,
        category: true,
        region: true,
        tags: true,
        quality: true,
        publishedAt: true,
      },
    });
    const last = rows.at(-1);
    if (last === undefined) return catalogue;
    after = last.id;
    for (const { id, ...facts } of rows) {
      catalogue.set(id, {
        ...facts,
        log2Popularity: null,
        vendorLog2Popularity: null,
        seen: false,
        hidden: false,
      });
    }
  }
}
