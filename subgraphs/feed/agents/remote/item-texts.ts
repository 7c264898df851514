import DataLoader from 'dataloader';
import QuickLRU from 'quick-lru';
import type { Database } from '#platform/database/database.ts';
import { promptText } from '#platform/llm/delimited-json.ts';

/** What a prompt says of an item, cut to what a model needs. */
export interface ItemText {
  readonly title: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly description: string;
}

/** UTF-16 units at most. */
const lengths = { title: 120, category: 40, tag: 30, description: 400 };
const mostTags = 12;

/** Some 2 KB each. */
const maxTexts = 5_000;
/** Changes of the catalogue come by events; this is for those that were missed. */
const longestMs = 600_000;
/** Items in one statement. */
const pageSize = 500;

type Row = ItemText & { readonly id: string };

/** An item as an event has it. */
export interface ChangedText extends Omit<ItemText, 'description'> {
  readonly id: string;
  readonly description?: string | undefined;
}

/** The texts of items, for prompts. All that batches want at the same time is read in one statement. */
export class ItemTexts {
  readonly #loader: DataLoader<string, ItemText | null>;

  constructor(database: Database) {
    this.#loader = new DataLoader((ids: readonly string[]) => readTexts(database, ids), {
      maxBatchSize: pageSize,
      cacheMap: new QuickLRU<string, Promise<ItemText | null>>({ maxSize: maxTexts, maxAge: longestMs }),
    });
  }

  /**
   * The text of each of `ids`, in their order; null where there is no such item, or no more.
   * @throws what the database does.
   */
  load(ids: readonly string[]): Promise<(ItemText | null)[]> {
    return Promise.all(ids.map((id) => this.#loader.load(id)));
  }

  /**
   * Takes over what an event says of items. The projection may learn of it later than this process, and would be read as it
   * was before. Where an event of an earlier release has no description, the next prompt reads it.
   */
  learn(items: readonly ChangedText[]): void {
    for (const { id, description, ...item } of items) {
      this.#loader.clear(id);
      if (description !== undefined) this.#loader.prime(id, cut({ ...item, description }));
    }
  }

  /** Has prompts know nothing of `ids`, which are gone. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.#loader.clear(id).prime(id, null);
  }

  /** Has the next prompts read everything anew. */
  forgetAll(): void {
    this.#loader.clearAll();
  }
}

async function readTexts(database: Database, ids: readonly string[]): Promise<(ItemText | null)[]> {
  const rows = await database.prisma.$queryRaw<Row[]>`
    SELECT id, title, category, tags, description FROM feed.content
    WHERE id = ANY (${ids}) AND removed_at IS NULL`;
  const texts = new Map(rows.map((row) => [row.id, cut(row)]));
  return ids.map((id) => texts.get(id) ?? null);
}

function cut({ title, category, tags, description }: ItemText): ItemText {
  return {
    title: promptText(title, lengths.title),
    category: promptText(category, lengths.category),
    tags: tags.slice(0, mostTags).map((tag) => promptText(tag, lengths.tag)),
    description: promptText(description, lengths.description),
  };
}
