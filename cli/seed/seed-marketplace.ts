import type { Database, Transaction } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { trainItemNeighbours } from '../../subgraphs/feed/learning/train-item-neighbours.ts';
import {
  advanceProgress,
  beginProgress,
  completeProgress,
  findProgress,
  hasOtherImports,
  type PartProgress,
} from '../import/progress-store.ts';
import { contentsTable } from '../import/tables/contents-table.ts';
import { interactionsTable } from '../import/tables/interactions-table.ts';
import type { Table } from '../import/tables/table.ts';
import { vendorsTable } from '../import/tables/vendors-table.ts';
import {
  generateMarketplace,
  marketplaceSize,
  type Marketplace,
  type MarketplaceSize,
} from './generate-marketplace.ts';

const importId = 'generated-marketplace';
const part = 'marketplace';

export interface SeedResult {
  /** False when the database held something already, and nothing was done. */
  readonly seeded: boolean;
  readonly counts: MarketplaceSize;
}

/**
 * Fills an empty database with the generated marketplace, once. A seed that was interrupted is completed: the time
 * at which it began is kept, so that the rest comes out as it would have. Where there is any vendor or content, or an
 * import has begun, nothing happens. `onProgress` hears steps done of all.
 */
export async function seedMarketplace(
  database: Database,
  {
    onProgress = () => undefined,
    size = marketplaceSize,
  }: { onProgress?: (done: number, total: number) => void; size?: MarketplaceSize } = {},
): Promise<SeedResult> {
  const progress = await claim(database);
  if (progress === null) return { seeded: false, counts: size };
  const chunks = chunksOf(generateMarketplace(progress.startedAt, size));
  const total = chunks.length + 1;
  for (const [index, store] of chunks.entries()) {
    if (index < progress.done) continue;
    await database.transaction(async (tx) => {
      await store(tx);
      await advanceProgress(tx, importId, part, index + 1);
    });
    onProgress(index + 1, total);
  }
  // Quickly, so that the first feed is personal; a server trains deeply by itself.
  await trainItemNeighbours(database, { method: 'quick' });
  await inTransactionWithEvents(database, async (tx) => {
    await completeProgress(tx, importId);
    const { vendors, contents, interactions } = size;
    await appendEvent(tx, 'import.completed', { importId, vendors, contents, interactions });
  });
  onProgress(total, total);
  return { seeded: true, counts: size };
}

/** Where the seed has to go on, or null when there is nothing to seed. */
async function claim(database: Database): Promise<PartProgress | null> {
  const progress = await findProgress(database, importId, part);
  if (progress !== null) return progress.completedAt === null ? progress : null;
  if ((await hasOtherImports(database, importId)) || (await holdsCatalogue(database))) return null;
  return beginProgress(database, importId, part, new Date());
}

async function holdsCatalogue(database: Database): Promise<boolean> {
  const [row] = await database.prisma.$queryRaw<{ held: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM content.vendor) OR EXISTS (SELECT 1 FROM content.content) AS held`;
  return row?.held ?? false;
}

type Store = (tx: Transaction) => Promise<unknown>;

/** What each transaction stores, in an order that is the same each time. */
function chunksOf({ vendors, contents, interactions }: Marketplace): Store[] {
  return [
    ...tableChunks(vendorsTable, vendors),
    ...tableChunks(contentsTable, contents),
    ...tableChunks(interactionsTable, interactions),
  ];
}

function tableChunks<Row>(table: Table<Row>, rows: readonly Row[]): Store[] {
  return Array.from({ length: Math.ceil(rows.length / table.chunkRows) }, (_, index): Store => {
    const chunk = rows.slice(index * table.chunkRows, (index + 1) * table.chunkRows);
    return (tx) => table.store(tx, chunk);
  });
}
