import type { Database } from '#platform/database/database.ts';
import { decodeVector } from './vector-bytes.ts';

/** Items in one statement. */
const pageSize = 2_000;

/** Reads the item vectors of a version; 100,000 items take some 60 MB. */
export async function readVectors(
  database: Database,
  version: number,
  signal: AbortSignal | undefined,
): Promise<Map<string, Float32Array<ArrayBuffer>>> {
  const vectors = new Map<string, Float32Array<ArrayBuffer>>();
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await database.prisma.feedItemVector.findMany({
      where: { version, contentId: { gt: after } },
      orderBy: { contentId: 'asc' },
      take: pageSize,
      select: { contentId: true, vector: true },
    });
    const last = rows.at(-1);
    if (last === undefined) return vectors;
    after = last.contentId;
    for (const { contentId, vector } of rows) vectors.set(contentId, decodeVector(vector));
  }
}
