import type { Database, Transaction } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { positiveTypes } from '../interactions/interaction.ts';

/** Counts positives among what was recorded, so that growth is known without counting the table. */
export async function countPositives(
  tx: Transaction,
  interactions: readonly { readonly type: InteractionType }[],
): Promise<void> {
  const positives = interactions.filter(({ type }) => positiveTypes.has(type)).length;
  if (positives === 0) return;
  await tx.$executeRaw`
    UPDATE feed.model_version SET positives = positives + ${positives} WHERE name = 'item-neighbours'`;
}

/** Asks for a training as of `at`, when an import has ended. */
export async function requestTraining(tx: Transaction, at: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE feed.model_version SET requested_at = ${at.toISOString()}::timestamptz
    WHERE name = 'item-neighbours'`;
}

/**
 * Takes the model for one trainer when a training is due: there is none yet, an import has ended since, or the
 * positives have grown by a tenth. Returns whether it was taken; a trainer that dies holds it for ten minutes.
 */
export async function claimTraining(database: Database): Promise<boolean> {
  const claimed = await database.prisma.$executeRaw`
    UPDATE feed.model_version SET lease_until = now() + interval '10 minutes'
    WHERE name = 'item-neighbours' AND (lease_until IS NULL OR lease_until < now())
      AND positives > trained_positives
      AND (trained_at IS NULL OR requested_at > trained_at OR positives >= trained_positives * 1.1)`;
  return claimed > 0;
}

/** Lets go of what `claimTraining` took. */
export async function releaseTraining(database: Database): Promise<void> {
  await database.prisma.$executeRaw`
    UPDATE feed.model_version SET lease_until = NULL WHERE name = 'item-neighbours'`;
}

/** Returns a version number that no other trainer gets, and how many positives there are now. */
export async function nextVersion(database: Database): Promise<{ version: number; positives: bigint }> {
  const [row] = await database.prisma.$queryRaw<{ version: number; positives: bigint }[]>`
    UPDATE feed.model_version SET last_version = last_version + 1 WHERE name = 'item-neighbours'
    RETURNING last_version AS version, positives`;
  if (row === undefined) throw new Error('feed.model_version has no row for item-neighbours.');
  return row;
}

/** Serves `version` from now on, unless a newer one is served already, and drops the older ones. */
export async function publishVersion(database: Database, version: number, positives: bigint): Promise<void> {
  await database.prisma.$executeRaw`
    UPDATE feed.model_version SET version = ${version}, trained_positives = ${positives}, trained_at = now()
    WHERE name = 'item-neighbours' AND version < ${version}`;
  let dropped: number;
  do {
    dropped = await database.prisma.$executeRaw`
      DELETE FROM feed.item_neighbours WHERE (version, content_id) IN (
        SELECT n.version, n.content_id FROM feed.item_neighbours n
        WHERE n.version < (SELECT v.version FROM feed.model_version v WHERE v.name = 'item-neighbours')
        LIMIT 2000
      )`;
  } while (dropped > 0);
}
