import type { Database, Transaction } from '#platform/database/database.ts';

/** Where a part of an import, or the seed, stands. */
export interface PartProgress {
  /** Everything up to this line (of the seed: this many chunks) has been stored. */
  readonly done: number;
  readonly startedAt: Date;
  readonly completedAt: Date | null;
}

/** Where the part stands, or null when it never began. */
export async function findProgress(
  database: Database,
  importId: string,
  part: string,
): Promise<PartProgress | null> {
  const row = await database.prisma.importProgress.findUnique({
    where: { importId_part: { importId, part } },
  });
  return row === null
    ? null
    : { done: Number(row.done), startedAt: row.startedAt, completedAt: row.completedAt };
}

/** Begins the part anew. */
export async function beginProgress(
  database: Database,
  importId: string,
  part: string,
  startedAt: Date,
): Promise<PartProgress> {
  const fresh = { done: 0n, startedAt, updatedAt: startedAt, completedAt: null };
  await database.prisma.importProgress.upsert({
    where: { importId_part: { importId, part } },
    create: { importId, part, ...fresh },
    update: fresh,
  });
  return { done: 0, startedAt, completedAt: null };
}

/** Moves the part on, in the transaction that stores what it counts. */
export async function advanceProgress(
  tx: Transaction,
  importId: string,
  part: string,
  done: number,
): Promise<void> {
  await tx.importProgress.update({
    where: { importId_part: { importId, part } },
    data: { done: BigInt(done), updatedAt: new Date() },
  });
}

/** Marks every part of the import as complete, so that running it again begins anew. */
export async function completeProgress(tx: Transaction, importId: string): Promise<void> {
  const now = new Date();
  await tx.importProgress.updateMany({ where: { importId }, data: { completedAt: now, updatedAt: now } });
}

/** Whether any import or seed other than `importId` has ever begun. */
export async function hasOtherImports(database: Database, importId: string): Promise<boolean> {
  return (
    (await database.prisma.importProgress.findFirst({ where: { importId: { not: importId } } })) !== null
  );
}
