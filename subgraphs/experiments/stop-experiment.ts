import type { Database } from '#platform/database/database.ts';
import { badUserInput, RequestError } from '#platform/errors/request-error.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { lockExperiment } from './experiment-store.ts';

/**
 * Stops experiment `key`, keeps `reason` with its phase and frees its part of the layer.
 * @throws RequestError `BAD_USER_INPUT` without a reason, `NOT_FOUND`, or `CONFLICT` where it does not run.
 */
export async function stopExperiment(
  database: Database,
  key: string,
  reason: string,
  now = new Date(),
): Promise<void> {
  const stopReason = reason.trim();
  if (stopReason.length === 0 || stopReason.length > 2_000) {
    throw badUserInput('reason must say in 1 to 2,000 characters why the experiment is stopped.');
  }
  await inTransactionWithEvents(database, async (tx) => {
    const experiment = await lockExperiment(tx, key);
    if (experiment === null) throw new RequestError('NOT_FOUND', `There is no experiment ${key}.`);
    const { status, phase } = experiment;
    if (status !== 'RUNNING') {
      throw new RequestError(
        'CONFLICT',
        `Experiment ${key} is ${status.toLowerCase()}; only a running one can be stopped.`,
      );
    }
    await tx.experimentPhase.update({
      where: { experimentKey_phase: { experimentKey: key, phase } },
      data: { stoppedAt: now, stopReason },
    });
    await tx.experiment.update({ where: { key }, data: { status: 'STOPPED' } });
    await appendEvent(tx, 'experiment.changed', { key, status: 'STOPPED', phase });
  });
}
