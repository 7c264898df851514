import cluster, { type Worker } from 'node:cluster';
import { z } from 'zod';
import { QuestionLink, UnansweredError, type Question } from './question-link.ts';

/** Something that one process tells all others of the same server. The payload has an upper bound. */
export interface Announcement<TPayload> {
  readonly kind: string;
  readonly payload: z.ZodType<TPayload>;
}

/** Milliseconds after which a worker that has not confirmed a broadcast is counted as missed. */
const broadcastDeadlineMs = 1_000;

/**
 * Asks the primary; without workers this process is the primary and the handler is called in place.
 * @throws UnansweredError after `deadlineMs` at the latest, where nobody answers, and for an answer off its contract.
 */
export async function askPrimary<TPayload, TAnswer>(
  question: Question<TPayload, TAnswer>,
  payload: TPayload,
  deadlineMs: number,
): Promise<TAnswer> {
  const link = primaryLink ?? localLink;
  return checked(question, await link.ask(question.kind, payload, deadlineMs));
}

/** As `askPrimary`, from the primary to one of its workers. */
export async function askWorker<TPayload, TAnswer>(
  worker: Worker,
  question: Question<TPayload, TAnswer>,
  payload: TPayload,
  deadlineMs: number,
): Promise<TAnswer> {
  const link = workerLinks.get(worker.id);
  if (link === undefined) throw new UnansweredError(question.kind, 'the process has ended');
  return checked(question, await link.ask(question.kind, payload, deadlineMs));
}

/**
 * Answers `question` in this process, the primary, whichever worker asks; returns how to end that.
 * @throws when it is answered already.
 */
export function answerWorkers<TPayload, TAnswer>(
  question: Question<TPayload, TAnswer>,
  handler: (payload: TPayload) => TAnswer | Promise<TAnswer>,
): () => void {
  return answer(question, handler);
}

/** As `answerWorkers`, in a worker for what the primary asks. `handler` may not throw what is secret. */
export function answerPrimary<TPayload, TAnswer>(
  question: Question<TPayload, TAnswer>,
  handler: (payload: TPayload) => TAnswer | Promise<TAnswer>,
): () => void {
  return answer(question, handler);
}

/**
 * Tells all processes of this server: the listeners of this process have run when it returns its promise, those of the
 * primary and of every other worker when that resolves. It resolves with the number of processes that did not confirm
 * within a second (they are stuck, or ending), or whose listener threw, and never rejects.
 */
export async function broadcast<TPayload>(
  announcement: Announcement<TPayload>,
  payload: TPayload,
): Promise<number> {
  const missed = hear(announcement.kind, payload) ? 0 : 1;
  const message = { kind: announcement.kind, payload };
  if (primaryLink === null) return missed + (await relay(message, null));
  try {
    const asked = await primaryLink.ask(relayKind, message, 2 * broadcastDeadlineMs);
    return missed + z.int().parse(asked);
  } catch {
    return missed + 1;
  }
}

/** Calls `listener` at each broadcast, this process's own included; returns how to end that. */
export function onBroadcast<TPayload>(
  announcement: Announcement<TPayload>,
  listener: (payload: TPayload) => void,
): () => void {
  const listeners = listenersOf(announcement.kind);
  const checkedListener = (payload: unknown): void => listener(announcement.payload.parse(payload));
  listeners.add(checkedListener);
  return () => listeners.delete(checkedListener);
}

const messageSchema = z.object({ kind: z.string().max(100), payload: z.unknown() });
const relayKind = 'channel.relay';
const hearKind = 'channel.hear';

const answerers = new Map<string, (payload: unknown, from: number | null) => unknown>([
  [relayKind, (payload, from) => relay(messageSchema.parse(payload), from)],
  [
    hearKind,
    (payload) => {
      const message = messageSchema.parse(payload);
      if (!hear(message.kind, message.payload)) throw new Error(`A listener to ${message.kind} failed.`);
      return null;
    },
  ],
]);
const announcementListeners = new Map<string, Set<(payload: unknown) => void>>();

/** The lines to the workers, by the id of each in the cluster. */
const workerLinks = new Map<number, QuestionLink>();
const primaryLink = cluster.isWorker ? linkToPrimary() : null;
const localLink: QuestionLink = linkToItself();
if (cluster.isPrimary) linkToWorkers();

async function answerOf(kind: string, payload: unknown, from: number | null): Promise<unknown> {
  const handler = answerers.get(kind);
  if (handler === undefined) throw new UnansweredError(kind, 'nobody answers it');
  return handler(payload, from);
}

function answer<TPayload, TAnswer>(
  question: Question<TPayload, TAnswer>,
  handler: (payload: TPayload) => TAnswer | Promise<TAnswer>,
): () => void {
  if (answerers.has(question.kind)) throw new Error(`${question.kind} is answered already.`);
  answerers.set(question.kind, (payload) => handler(question.payload.parse(payload)));
  return () => answerers.delete(question.kind);
}

function checked<TAnswer>(
  { kind, answer: contract }: Pick<Question<unknown, TAnswer>, 'kind' | 'answer'>,
  received: unknown,
): TAnswer {
  const { data, success } = contract.safeParse(received);
  if (!success) throw new UnansweredError(kind, 'what came is not what was agreed');
  return data;
}

/** Tells this process, and every worker but `from`, of what a worker or the primary announced. */
async function relay(message: z.infer<typeof messageSchema>, from: number | null): Promise<number> {
  const heard = from === null || hear(message.kind, message.payload);
  const told = [...workerLinks]
    .filter(([id]) => id !== from)
    .map(([, link]) => link.ask(hearKind, message, broadcastDeadlineMs));
  const outcomes = await Promise.allSettled(told);
  return outcomes.filter(({ status }) => status === 'rejected').length + (heard ? 0 : 1);
}

/** Calls all listeners; false where one threw, as on a payload off its contract. */
function hear(kind: string, payload: unknown): boolean {
  let heard = true;
  for (const listener of listenersOf(kind)) {
    try {
      listener(payload);
    } catch {
      heard = false;
    }
  }
  return heard;
}

function listenersOf(kind: string): Set<(payload: unknown) => void> {
  const listeners = announcementListeners.get(kind) ?? new Set();
  announcementListeners.set(kind, listeners);
  return listeners;
}

function linkToPrimary(): QuestionLink {
  const link = new QuestionLink(
    (message, onFailure) => {
      if (process.send === undefined || !process.connected) return onFailure();
      process.send(message, undefined, undefined, (error) => {
        if (error !== null) onFailure();
      });
    },
    (kind, payload) => answerOf(kind, payload, null),
  );
  process.on('message', (message) => link.receive(message));
  process.once('disconnect', () => link.close());
  return link;
}

function linkToWorkers(): void {
  cluster.on('fork', (worker) => {
    const link = new QuestionLink(
      (message, onFailure) => {
        if (!worker.isConnected()) return onFailure();
        worker.send(message, undefined, undefined, (error) => {
          if (error !== null) onFailure();
        });
      },
      (kind, payload) => answerOf(kind, payload, worker.id),
    );
    workerLinks.set(worker.id, link);
    worker.on('message', (message: unknown) => link.receive(message));
    // Not `disconnect`: that does not come where the worker was killed in the middle of a message.
    worker.once('exit', () => {
      workerLinks.delete(worker.id);
      link.close();
    });
  });
}

/** Both ends in one process: what is asked is answered in place, under the same deadline and contract. */
function linkToItself(): QuestionLink {
  const link: QuestionLink = new QuestionLink(
    (message) => queueMicrotask(() => link.receive(message)),
    (kind, payload) => answerOf(kind, payload, null),
  );
  return link;
}
