import type { Database, Transaction } from '#platform/database/database.ts';
import type { Prisma } from '#platform/database/generated/client.ts';
import type { LayerRange } from './allocate-layer.ts';
import type { Experiment, ExperimentDefinition, ExperimentStatus } from './experiment.ts';

/** More than one operator runs; a list without end would be one query away from a heavy answer. */
const listLimit = 1_000;

/** Experiments, the newest first and 1,000 at most; of one status where it is given. */
export function listExperiments(database: Database, status: ExperimentStatus | null): Promise<Experiment[]> {
  return find(database, {
    where: status === null ? {} : { status },
    orderBy: [{ createdAt: 'desc' }, { key: 'asc' }],
    take: listLimit,
  });
}

/** The experiments that assign users now, ordered by key. */
export function listRunningExperiments(database: Database): Promise<Experiment[]> {
  return find(database, { where: { status: 'RUNNING' }, orderBy: { key: 'asc' } });
}

/** The experiments that decide what users get now, ordered by key: those that run and those that are shipped. */
export function listLiveExperiments(database: Database): Promise<Experiment[]> {
  return find(database, { where: { status: { in: ['RUNNING', 'SHIPPED'] } }, orderBy: { key: 'asc' } });
}

/** When what `listLiveExperiments` gives last changed; a trigger notes it, at another millisecond for each change. */
export async function readChangedAt(database: Database): Promise<Date> {
  const [row] = await database.read<{ changedAt: Date }>`
    SELECT changed_at AS "changedAt" FROM experiments.change`;
  if (row === undefined) throw new Error('experiments.change has lost its row.');
  return row.changedAt;
}

/** For each of `keys` its experiment, or null. */
export async function findExperiments(
  database: Database,
  keys: readonly string[],
): Promise<(Experiment | null)[]> {
  const found = await find(database, { where: { key: { in: [...keys] } } });
  const byKey = new Map(found.map((experiment) => [experiment.key, experiment]));
  return keys.map((key) => byKey.get(key) ?? null);
}

/** Stores a draft. Returns false, and stores nothing, where its key is taken. */
export async function insertDraft(
  tx: Transaction,
  { variants, metrics, ...experiment }: ExperimentDefinition,
  owner: string,
): Promise<boolean> {
  const { count } = await tx.experiment.createMany({
    data: [{ ...experiment, owner }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  const experimentKey = experiment.key;
  await tx.experimentVariant.createMany({
    data: variants.map((variant, position) => ({ ...variant, experimentKey, position })),
  });
  await tx.experimentMetric.createMany({
    data: metrics.map((metric, position) => ({ ...metric, experimentKey, position })),
  });
  return true;
}

/** What decides whether an experiment may start or stop; its row stays locked until the transaction ends. */
export interface LockedExperiment {
  readonly status: ExperimentStatus;
  readonly phase: number;
  readonly layer: string | null;
  readonly coverage: number;
}

/** Locks the experiment's row against another start or stop; null where there is none. */
export async function lockExperiment(tx: Transaction, key: string): Promise<LockedExperiment | null> {
  const [row] = await tx.$queryRaw<LockedExperiment[]>`
    SELECT status::text AS status, phase, layer, coverage
    FROM experiments.experiment WHERE key = ${key} FOR UPDATE`;
  return row ?? null;
}

/** What the running experiments hold of `layer`. The layer is locked until the transaction ends. */
export async function lockLayer(tx: Transaction, layer: string): Promise<LayerRange[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`experiments.layer:${layer}`}, 0))`;
  return tx.$queryRaw<LayerRange[]>`
    SELECT r.lower AS "from", r.upper AS "to"
    FROM experiments.experiment e
    JOIN experiments.phase p ON p.experiment_key = e.key AND p.phase = e.phase
    CROSS JOIN LATERAL unnest(p.layer_from, p.layer_to) AS r (lower, upper)
    WHERE e.layer = ${layer} AND e.status = 'RUNNING'`;
}

const withParts = {
  variants: { orderBy: { position: 'asc' } },
  metrics: { orderBy: { position: 'asc' } },
  phases: { orderBy: { phase: 'desc' }, take: 1 },
} satisfies Prisma.ExperimentInclude;

async function find(
  { prisma }: Database,
  query: Pick<Prisma.ExperimentFindManyArgs, 'where' | 'orderBy' | 'take'>,
): Promise<Experiment[]> {
  const rows = await prisma.experiment.findMany({ ...query, include: withParts });
  return rows.map(({ phases: [current], ...row }) => ({
    ...row,
    startedAt: current?.startedAt ?? null,
    stoppedAt: current?.stoppedAt ?? null,
    layerRanges: (current?.layerFrom ?? []).map((from, index) => ({
      from,
      to: current?.layerTo[index] ?? from,
    })),
  }));
}
