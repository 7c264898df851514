import type { Database } from '#platform/database/database.ts';
import { entryText } from '#platform/embedder/entry-text.ts';

/** What the projection says of an item. */
export interface TextRow {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
}

export interface ItemText {
  readonly id: string;
  readonly text: string;
}

/** The texts of all items that are there, by pages of `pageSize`. */
export async function* itemTexts(
  database: Database,
  pageSize: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ItemText[], void, undefined> {
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await database.prisma.$queryRaw<TextRow[]>`
      SELECT id, title, description, category, tags FROM feed.content
      WHERE id > ${after} AND removed_at IS NULL ORDER BY id LIMIT ${pageSize}`;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield rows.map((row) => ({ id: row.id, text: entryText(row) }));
  }
}
