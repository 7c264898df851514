import type { Database } from '#platform/database/database.ts';
import type { ChoiceMatrix } from './rp3beta.ts';

/** Users in one statement. */
const pageSize = 500;

/** The latest choices of one user that count: pairs grow with the square, and nobody's taste fills more. */
const choicesPerUser = 1_000;

export interface Choices {
  readonly matrix: ChoiceMatrix;
  /** The content id of each item number. */
  readonly ids: readonly string[];
}

/**
 * Reads who liked, saved, shared or asked about what, each pair once, over items that are not removed. Views and
 * clicks are left out: they follow the place at which an item was shown more than anybody's taste.
 */
export async function readChoices(database: Database, signal: AbortSignal | undefined): Promise<Choices> {
  const numbers = await readItemNumbers(database, signal);
  const pages: Int32Array[] = [];
  const lengths: number[] = [];
  const used = new Map<number, number>();
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const users = await database.prisma.$queryRaw<{ user_id: string; ids: string[] }[]>`
      SELECT user_id, (array_agg(content_id ORDER BY occurred_at DESC))[1:${choicesPerUser}::int] AS ids
      FROM feed.interaction
      WHERE user_id > ${after} AND type IN ('LIKE', 'SAVE', 'SHARE', 'INQUIRY')
      GROUP BY user_id ORDER BY user_id LIMIT ${pageSize}`;
    const last = users.at(-1);
    if (last === undefined) break;
    after = last.user_id;
    const page: number[] = [];
    for (const { ids } of users) {
      const items = new Set(ids.flatMap((id) => numbers.get(id) ?? []));
      for (const item of items) {
        if (!used.has(item)) used.set(item, used.size);
        page.push(used.get(item) ?? 0);
      }
      lengths.push(items.size);
    }
    pages.push(Int32Array.from(page));
  }
  return { matrix: toMatrix(pages, lengths, used.size), ids: idsOf(numbers, used) };
}

async function readItemNumbers(
  database: Database,
  signal: AbortSignal | undefined,
): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await database.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM feed.content WHERE id > ${after} AND removed_at IS NULL ORDER BY id LIMIT 5000`;
    const last = rows.at(-1);
    if (last === undefined) return numbers;
    after = last.id;
    for (const { id } of rows) numbers.set(id, numbers.size);
  }
}

function toMatrix(pages: readonly Int32Array[], lengths: readonly number[], itemCount: number): ChoiceMatrix {
  const offsets = new Int32Array(lengths.length + 1);
  for (const [user, length] of lengths.entries()) offsets[user + 1] = (offsets[user] ?? 0) + length;
  const items = new Int32Array(offsets.at(-1) ?? 0);
  let start = 0;
  for (const page of pages) {
    items.set(page, start);
    start += page.length;
  }
  return { itemCount, offsets, items };
}

/** Ids by the numbers that items got in the order of their first choice. */
function idsOf(numbers: ReadonlyMap<string, number>, used: ReadonlyMap<number, number>): string[] {
  const ids: string[] = Array.from({ length: used.size }, () => '');
  for (const [id, number] of numbers) {
    const index = used.get(number);
    if (index !== undefined) ids[index] = id;
  }
  return ids;
}
