import { z } from 'zod';

/**
 * What one process may ask another: the name on the wire and what both sides hold each other to. Payload and answer are
 * what the structured clone algorithm takes. Give every string and list in them an upper bound.
 */
export interface Question<TPayload, TAnswer> {
  readonly kind: string;
  readonly payload: z.ZodType<TPayload>;
  readonly answer: z.ZodType<TAnswer>;
}

/** A question that got no answer: nobody answers its kind, the deadline passed, or the other process failed or ended. */
export class UnansweredError extends Error {
  constructor(kind: string, reason: string) {
    super(`The question ${kind} got no answer: ${reason}.`);
    this.name = 'UnansweredError';
  }
}

/** Answers a question of `kind`. @throws UnansweredError where nobody does; whatever the handler throws. */
export type Answerer = (kind: string, payload: unknown) => Promise<unknown>;

const messageSchema = z.discriminatedUnion('bouquet', [
  z.object({ bouquet: z.literal('question'), id: z.int(), kind: z.string().max(100), payload: z.unknown() }),
  z.object({ bouquet: z.literal('answer'), id: z.int(), answer: z.unknown() }),
  z.object({ bouquet: z.literal('failure'), id: z.int(), reason: z.string() }),
]);

type Message = z.infer<typeof messageSchema>;

/** Questions that may wait for an answer at a time; one more is refused at once. */
const maxPending = 10_000;

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: string) => void;
}

/** One side of a line between two processes on which both may ask. */
export class QuestionLink {
  readonly #send: (message: Message, onFailure: () => void) => void;
  readonly #answer: Answerer;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  /** `send` hands a message to the other process and calls `onFailure` where it cannot. */
  constructor(send: (message: Message, onFailure: () => void) => void, answer: Answerer) {
    this.#send = send;
    this.#answer = answer;
  }

  /** Returns the other side's answer, not yet checked. @throws UnansweredError after `deadlineMs` at the latest. */
  ask(kind: string, payload: unknown, deadlineMs: number): Promise<unknown> {
    if (this.#pending.size >= maxPending) {
      return Promise.reject(new UnansweredError(kind, `${maxPending} others wait already`));
    }
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => this.#fail(id, `${deadlineMs} ms have passed`), deadlineMs);
    this.#pending.set(id, {
      resolve: (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      reject: (reason) => {
        clearTimeout(timer);
        reject(new UnansweredError(kind, reason));
      },
    });
    this.#send({ bouquet: 'question', id, kind, payload }, () =>
      this.#fail(id, 'the process cannot be reached'),
    );
    return promise;
  }

  /** Takes whatever the other process has sent; what is not of this kind is left alone. */
  receive(received: unknown): void {
    const { data: message } = messageSchema.safeParse(received);
    if (message === undefined) return;
    if (message.bouquet === 'question') void this.#reply(message.id, message.kind, message.payload);
    else if (message.bouquet === 'failure') this.#fail(message.id, message.reason);
    else this.#take(message.id)?.resolve(message.answer);
  }

  /** Fails what waits for an answer: the other process has ended. */
  close(): void {
    for (const id of this.#pending.keys()) this.#fail(id, 'the process has ended');
  }

  #fail(id: number, reason: string): void {
    this.#take(id)?.reject(reason);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  async #reply(id: number, kind: string, payload: unknown): Promise<void> {
    let message: Message;
    try {
      message = { bouquet: 'answer', id, answer: await this.#answer(kind, payload) };
    } catch (error) {
      message = {
        bouquet: 'failure',
        id,
        reason: error instanceof UnansweredError ? 'nobody answers it' : 'the answering failed',
      };
    }
    // Who asked may have ended meanwhile.
    this.#send(message, () => undefined);
  }
}
