import type { Database, Transaction } from '#platform/database/database.ts';
import { RequestError } from '#platform/errors/request-error.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { allocateLayer, freeShare, type LayerRange } from './allocate-layer.ts';
import type { ExperimentStatus } from './experiment.ts';
import { lockExperiment, lockLayer, type LockedExperiment } from './experiment-store.ts';

/**
 * Starts experiment `key` as its next phase, in a free part of its layer.
 * @throws RequestError `NOT_FOUND`, or `CONFLICT` where it runs, is shipped or its layer has no room.
 */
export async function startExperiment(database: Database, key: string, now = new Date()): Promise<void> {
  await inTransactionWithEvents(database, async (tx) => {
    const experiment = await lockExperiment(tx, key);
    if (experiment === null) throw new RequestError('NOT_FOUND', `There is no experiment ${key}.`);
    const refusal = refusals[experiment.status];
    if (refusal !== null) throw new RequestError('CONFLICT', `Experiment ${key} ${refusal}`);
    const ranges = await takeLayer(tx, experiment);
    const phase = experiment.phase + 1;
    await tx.experimentPhase.create({
      data: {
        experimentKey: key,
        phase,
        startedAt: now,
        layerFrom: ranges.map(({ from }) => from),
        layerTo: ranges.map(({ to }) => to),
      },
    });
    await tx.experiment.update({ where: { key }, data: { status: 'RUNNING', phase } });
    await appendEvent(tx, 'experiment.changed', { key, status: 'RUNNING', phase });
  });
}

/** Why an experiment that stands so cannot start, and what to do; null where it can. */
const refusals: Record<ExperimentStatus, string | null> = {
  DRAFT: null,
  STOPPED: null,
  RUNNING: 'is running. Stop it first to begin another phase.',
  SHIPPED: 'is shipped. Create an experiment of another key to test further.',
};

async function takeLayer(tx: Transaction, { layer, coverage }: LockedExperiment): Promise<LayerRange[]> {
  if (layer === null) return [];
  const taken = await lockLayer(tx, layer);
  const ranges = allocateLayer(taken, coverage);
  if (ranges !== null) return ranges;
  throw new RequestError(
    'CONFLICT',
    `Layer ${layer} has ${percent(freeShare(taken))} of its users left and the experiment needs ${percent(coverage)}. Stop another experiment of the layer first.`,
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
