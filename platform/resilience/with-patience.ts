import { TaskCancelledError } from 'cockatiel';

/** Turns of the timer in a deadline. */
const turns = 5;

/**
 * The result of `work`, which has `deadlineMs` ms in which this process listens. As `withDeadline`, but time in which the
 * process itself was busy hardly counts: after a stall an expired timer runs before the answer that has long been in the
 * socket is read. So five turns of a timer have to pass, of which a stall takes one.
 * @throws TaskCancelledError after the deadline, and what `work` throws before.
 */
export async function withPatience<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  let left = turns;
  const timer = setInterval(() => {
    left--;
    if (left === 0) reject(new TaskCancelledError(`No answer within ${deadlineMs} ms.`));
  }, deadlineMs / turns);
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearInterval(timer);
  }
}
