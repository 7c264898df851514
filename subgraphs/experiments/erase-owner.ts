import type { OnceConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent } from '#platform/events/outbox.ts';

/** What the owner of an experiment is called once they were erased; the experiment is the operator's, and stays. */
const erasedOwner = 'erased';

/** Assignments are computed and nowhere kept, so all there is of a user here is whose experiments they are. */
export const erasureConsumer: OnceConsumer = {
  name: 'experiments.erasures',
  types: ['user.erased'],
  handle: async (tx, events) => {
    for (const event of events) {
      if (event.type !== 'user.erased' || event.payload.userId === null) continue;
      const { requestId, userId } = event.payload;
      await tx.experiment.updateMany({ where: { owner: userId }, data: { owner: erasedOwner } });
      await appendEvent(tx, 'user.erasure-confirmed', { requestId, subgraph: 'experiments' });
    }
  },
};
