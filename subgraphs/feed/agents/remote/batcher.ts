import DataLoader from 'dataloader';

/** Items in one call. */
const batchSize = 10;

/** How long a batch that is not full waits for more, in ms. */
const longestWaitMs = 5;

/**
 * Returns how to ask for one thing: questions of any requests go to `answer` together, ten in a call, or as many as there
 * are after 5 ms. `answer` gives one answer for each question, in their order, and does not throw.
 */
export function batched<Q, A>(
  answer: (questions: readonly Q[]) => Promise<readonly A[]>,
): (question: Q) => Promise<A> {
  const schedule = earlySchedule(longestWaitMs);
  const loader = new DataLoader<Q, A>(answer, {
    // The same question twice is kept apart by who asks; an answer is cached by where it goes.
    cache: false,
    maxBatchSize: batchSize,
    batchScheduleFn: schedule,
  });
  return (question) => loader.load(question);
}

/**
 * When DataLoader dispatches a batch. It opens a new one once the one before is full, and calls this for it, but leaves the
 * full one waiting for its own turn: so whoever opens a batch sends off the one before.
 */
function earlySchedule(waitMs: number): (dispatch: () => void) => void {
  let waiting: { readonly send: () => void } | null = null;
  return (dispatch) => {
    waiting?.send();
    const batch = {
      send: () => {
        clearTimeout(timer);
        if (waiting === batch) waiting = null;
        dispatch();
      },
    };
    const timer = setTimeout(batch.send, waitMs);
    waiting = batch;
  };
}
