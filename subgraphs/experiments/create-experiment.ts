import type { Database } from '#platform/database/database.ts';
import { RequestError } from '#platform/errors/request-error.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import type { ExperimentDefinition } from './experiment.ts';
import { insertDraft } from './experiment-store.ts';

/**
 * Stores `definition` as a draft of `owner`.
 * @throws RequestError `CONFLICT` where the key is taken.
 */
export async function createExperiment(
  database: Database,
  definition: ExperimentDefinition,
  owner: string,
): Promise<void> {
  const { key } = definition;
  await inTransactionWithEvents(database, async (tx) => {
    if (!(await insertDraft(tx, definition, owner))) {
      throw new RequestError('CONFLICT', `An experiment ${key} exists. Choose another key.`);
    }
    await appendEvent(tx, 'experiment.changed', { key, status: 'DRAFT', phase: 0 });
  });
}
