import type { Database, Transaction } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { positiveTypes } from '../interactions/interaction.ts';

/** What is trained: each has versions of its own, of which one is served. */
export type ModelName = 'item-neighbours' | 'item-vectors' | 'taste-clusters' | 'forecaster';

/** How a version was trained: a quick one is due for a deep one, and `text` for as long as choices are few. */
export type TrainingMethod = 'quick' | 'deep' | 'text';

/** Positives from which on item vectors are learned from choices; below that, texts say more. */
export const enoughPositives = 1_000;

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
 * since, or the positives have grown by a tenth. Vectors are due without any positives, and those of texts when an
 * import has ended, when there are positives enough, when the catalogue has grown by a tenth, and when `embedder`, what
 * the version of the embedder to use begins with, is another. What is learned on top of these two is due when
 * they are new, and after midnight, UTC, when there are more positives, and never while they are being trained. Returns whether it was taken; a trainer that dies holds it
 * for ten minutes.
 */
export async function claimTraining(
  database: Database,
  name: ModelName,
  embedder = 'local',
): Promise<boolean> {
  const bases = name === 'forecaster' ? ['item-neighbours', 'item-vectors'] : ['item-vectors'];
  const claimed = await database.prisma.$executeRaw`
    UPDATE feed.model_version m SET lease_until = now() + interval '10 minutes'
    WHERE name = ${name} AND (lease_until IS NULL OR lease_until < now()) AND CASE
      WHEN method = 'text' THEN requested_at > trained_at OR positives >= ${enoughPositives}
        OR NOT EXISTS (
          SELECT FROM feed.text_embedding e
          WHERE e.version = m.version AND starts_with(e.embedder, ${embedder} || ':'))
        OR (
          SELECT count(*) > m.trained_items AND count(*) >= m.trained_items * 1.1
          FROM feed.content WHERE removed_at IS NULL)
      WHEN name IN ('taste-clusters', 'forecaster') THEN positives > 0
        AND EXISTS (SELECT FROM feed.model_version v WHERE v.name = 'item-vectors' AND v.version > 0)
        AND NOT EXISTS (SELECT FROM feed.model_version b WHERE b.name = ANY (${bases}) AND b.lease_until > now())
        AND (
          trained_at IS NULL
          OR (positives > trained_positives AND trained_at < date_trunc('day', now(), 'UTC'))
          OR EXISTS (
            SELECT FROM feed.model_version b WHERE b.name = ANY (${bases}) AND b.trained_at > m.trained_at))
      WHEN name = 'item-vectors' AND trained_at IS NULL AND positives = 0
        THEN EXISTS (SELECT FROM feed.content WHERE removed_at IS NULL)
      ELSE positives > 0 AND (trained_at IS NULL OR method = 'quick'
        OR (positives > trained_positives
          AND (requested_at > trained_at OR positives >= trained_positives * 1.1)))
      END`;
  return claimed > 0;
}

/** Holds a model for one trainer for ten minutes from now, whether a training is due or not. */
export async function holdTraining(database: Database, name: ModelName): Promise<void> {
  await database.prisma.$executeRaw`
    UPDATE feed.model_version SET lease_until = now() + interval '10 minutes' WHERE name = ${name}`;
}

/** Lets go of a model that a trainer holds. */
export async function releaseTraining(database: Database, name: ModelName): Promise<void> {
  await database.prisma.$executeRaw`UPDATE feed.model_version SET lease_until = NULL WHERE name = ${name}`;
}

/** Returns a version number that no other trainer gets, how many positives there are now, and what time it is. */
export async function nextVersion(
  database: Database,
  name: ModelName,
): Promise<{ version: number; positives: bigint; startedAt: Date }> {
  const [row] = await database.prisma.$queryRaw<{ version: number; positives: bigint; startedAt: Date }[]>`
    UPDATE feed.model_version SET last_version = last_version + 1 WHERE name = ${name}
    RETURNING last_version AS version, positives, now() AS "startedAt"`;
  if (row === undefined) throw new Error(`feed.model_version has no row for ${name}.`);
  return row;
}

export interface TrainedVersion {
  readonly version: number;
  /** Positives that there were when the training began. */
  readonly positives: bigint;
  readonly method: TrainingMethod;
  /** Items of the catalogue, where it was trained on their texts. */
  readonly items?: number;
  /** When the training began, where what an import brings meanwhile makes it due again; absent: now. */
  readonly startedAt?: Date;
}

/** Serves a version from now on, unless a newer one is served already. */
export async function serveVersion(
  tx: Transaction,
  name: ModelName,
  { version, positives, method, items = 0, startedAt }: TrainedVersion,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE feed.model_version
    SET version = ${version}, trained_positives = ${positives}, trained_items = ${items}, method = ${method},
      trained_at = coalesce(${startedAt?.toISOString() ?? null}::timestamptz, now())
    WHERE name = ${name} AND version < ${version}`;
}

/** The version of `name` that is served; 0 before the first training. */
export async function servedVersion(tx: Transaction, name: ModelName): Promise<number> {
  const model = await tx.feedModelVersion.findUnique({ where: { name }, select: { version: true } });
  return model?.version ?? 0;
}
