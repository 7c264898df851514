import { TaskCancelledError } from 'cockatiel';

/**
 * The result of `work`, which has `deadlineMs` ms. Late work goes on unheard. A plain timer, because cockatiel's timeout
 * aborts a signal at the end of every call, in time or not, and makes an exception with its stack for it (docs/adr/0007).
 * @throws TaskCancelledError after the deadline, and what `work` throws before.
 */
export async function withDeadline<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new TaskCancelledError(`No answer within ${deadlineMs} ms.`)),
    deadlineMs,
  );
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
