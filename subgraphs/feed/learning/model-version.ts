import type { Database, Transaction } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { positiveTypes } from '../interactions/interaction.ts';

/** What is trained: each has versions of its own, of which one is served. */
export type ModelName = 'item-neighbours' | 'item-vectors';

/** How a version was trained; a quick one is due for a deep one. */
export type TrainingMethod = 'quick' | 'deep';

/** Counts positives among what was recorded, so that growth is known without counting the table. */
export async function countPositives(
  tx: Transaction,
  interactions: readonly { readonly type: InteractionType }[],
): Promise<void> {
  const positives = interactions.filter(({ type }) => positiveTypes.has(type)).length;
  if (positives === 0) return;
  await tx.$executeRaw`UPDATE feed.model_version SET positives = positives + ${positives}`;
}

/** Asks for a training of everything as of `at`, when an import has ended. */
export async function requestTraining(tx: Transaction, at: Date): Promise<void> {
  await tx.$executeRaw`UPDATE feed.model_version SET requested_at = ${at.toISOString()}::timestamptz`;
}

/**
 * Takes a model for one trainer when a training is due: there is none yet or only a quick one, an import has ended
 * since, or the positives have grown by a tenth. Returns whether it was taken; a trainer that dies holds it for ten
 * minutes.
 */
export async function claimTraining(database: Database, name: ModelName): Promise<boolean> {
  const claimed = await database.prisma.$executeRaw`
    UPDATE feed.model_version SET lease_until = now() + interval '10 minutes'
    WHERE name = ${name} AND (lease_until IS NULL OR lease_until < now()) AND positives > 0
      AND (trained_at IS NULL OR method = 'quick'
        OR (positives > trained_positives
          AND (requested_at > trained_at OR positives >= trained_positives * 1.1)))`;
  return claimed > 0;
}

/** Lets go of what `claimTraining` took. */
export async function releaseTraining(database: Database, name: ModelName): Promise<void> {
  await database.prisma.$executeRaw`UPDATE feed.model_version SET lease_until = NULL WHERE name = ${name}`;
}

/** Returns a version number that no other trainer gets, and how many positives there are now. */
export async function nextVersion(
  database: Database,
  name: ModelName,
): Promise<{ version: number; positives: bigint }> {
  const [row] = await database.prisma.$queryRaw<{ version: number; positives: bigint }[]>`
    UPDATE feed.model_version SET last_version = last_version + 1 WHERE name = ${name}
    RETURNING last_version AS version, positives`;
  if (row === undefined) throw new Error(`feed.model_version has no row for ${name}.`);
  return row;
}

export interface TrainedVersion {
  readonly version: number;
  /** Positives that there were when the training began. */
  readonly positives: bigint;
  readonly method: TrainingMethod;
}

/** Serves a version from now on, unless a newer one is served already. */
export async function serveVersion(
  tx: Transaction,
  name: ModelName,
  { version, positives, method }: TrainedVersion,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE feed.model_version
    SET version = ${version}, trained_positives = ${positives}, trained_at = now(), method = ${method}
    WHERE name = ${name} AND version < ${version}`;
}

/** The version of `name` that is served; 0 before the first training. */
export async function servedVersion(tx: Transaction, name: ModelName): Promise<number> {
  const model = await tx.feedModelVersion.findUnique({ where: { name }, select: { version: true } });
  return model?.version ?? 0;
}
