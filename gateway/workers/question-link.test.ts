import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QuestionLink, type Answerer } from './question-link.ts';

/** Two links that reach one another as processes do: by JSON. */
function connect(answer: Answerer): { asker: QuestionLink; sent: string[] } {
  const sent: string[] = [];
  const asker: QuestionLink = new QuestionLink(
    (message) => {
      sent.push(JSON.stringify(message));
      answerer.receive(JSON.parse(JSON.stringify(message)));
    },
    () => Promise.resolve(null),
  );
  const answerer: QuestionLink = new QuestionLink(
    (message) => asker.receive(JSON.parse(JSON.stringify(message))),
    answer,
  );
  return { asker, sent };
}

/** Why a question got no answer. */
function reasonOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(String, (error: unknown) => String(error));
}

describe('QuestionLink', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives each question its own answer, in whatever order they come', async () => {
    const waiting = new Map<unknown, () => void>();
    const { asker } = connect(
      (kind, payload) =>
        new Promise((resolve) => waiting.set(payload, () => resolve(`${kind} ${String(payload)}`))),
    );
    const first = asker.ask('count', 1, 1_000);
    const second = asker.ask('count', 2, 1_000);
    waiting.get(2)?.();
    waiting.get(1)?.();
    expect(await Promise.all([first, second])).toEqual(['count 1', 'count 2']);
  });

  it('tells a failure without what failed', async () => {
    const { asker } = connect(() => Promise.reject(new Error('password=1')));
    await expect(asker.ask('count', null, 1_000)).rejects.toThrow(/count.*the answering failed/);
  });

  it('ends at the deadline, and drops the answer that comes later', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const { asker } = connect(() => promise);
    const asked = reasonOf(asker.ask('slow', null, 200));
    await vi.advanceTimersByTimeAsync(200);
    expect(await asked).toContain('200 ms have passed');
    resolve('late');
    await vi.runAllTimersAsync();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails what waits when the other process ends, or cannot be reached', async () => {
    const { asker } = connect(() => new Promise(() => undefined));
    const asked = reasonOf(asker.ask('count', null, 1_000));
    asker.close();
    expect(await asked).toContain('the process has ended');
    const cut = new QuestionLink(
      (_message, onFailure) => onFailure(),
      () => Promise.resolve(null),
    );
    await expect(cut.ask('count', null, 1_000)).rejects.toThrow('cannot be reached');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses to let questions pile up without end', async () => {
    const { asker } = connect(() => new Promise(() => undefined));
    const asked = Array.from({ length: 10_000 }, () => asker.ask('count', null, 1_000).catch(() => 'late'));
    await expect(asker.ask('count', null, 1_000)).rejects.toThrow('wait already');
    asker.close();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['late']));
  });

  it('leaves messages of others alone', async () => {
    const { asker, sent } = connect(() => Promise.resolve(1));
    for (const message of [null, 'ready', { bouquet: 'answer' }, { bouquet: 'shout', id: 1 }])
      asker.receive(message);
    expect(sent).toEqual([]);
    expect(await asker.ask('count', null, 1_000)).toBe(1);
  });
});
