import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { LanguageModelError } from './language-model-error.ts';
import type { LanguageModel } from './language-model.ts';
import {
  openAiLanguageModel,
  type LanguageModelCall,
  type OpenAiLanguageModelOptions,
} from './openai-language-model.ts';
import {
  startLanguageModelService,
  type Behaviour,
  type LanguageModelService,
} from './test/language-model-service.ts';

const apiKey = 'sk-not-for-anybodys-eyes';
const schema = z.strictObject({ word: z.string() });
const prompt = {
  name: 'speller',
  system: 'Spell the word.',
  user: 'barn',
  schema,
  maxOutputTokens: 20,
};

let service: LanguageModelService;
let calls: LanguageModelCall[];

function open(options: Partial<OpenAiLanguageModelOptions> = {}): LanguageModel {
  return openAiLanguageModel({
    baseUrl: service.baseUrl,
    apiKey,
    model: 'small',
    price: { input: 1, output: 10 },
    retryWaitMs: 1,
    onCall: (call) => calls.push(call),
    ...options,
  });
}

async function failureOf(promise: Promise<unknown>): Promise<LanguageModelError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LanguageModelError) return error;
  throw new Error('There was no LanguageModelError.', { cause: error });
}

beforeAll(async () => {
  service = await startLanguageModelService(({ user }) => ({ word: user.toUpperCase() }));
});
afterAll(() => service.close());
beforeEach(() => {
  service.behave({ kind: 'well' });
  calls = [];
});

describe('OpenAI-compatible language model', () => {
  it('gives what the model wrote, and counts tokens and dollars', async () => {
    const { value, usage } = await open().complete(prompt);
    expect(value).toEqual({ word: 'BARN' });
    // 19 and 15 characters at 4 a token.
    const expected = { inputTokens: 5, outputTokens: 4, usd: 45e-6 };
    expect(usage).toEqual(expected);
    expect(calls).toEqual([{ name: 'speller', outcome: 'ok', usage: expected }]);
    expect(service.requests).toMatchObject([
      { name: 'speller', system: 'Spell the word.', user: 'barn', authorization: `Bearer ${apiKey}` },
    ]);
  });

  it('counts a model without a price, and a service that counts nothing, as free', async () => {
    expect((await open({ price: undefined }).complete(prompt)).usage).toMatchObject({ usd: 0 });
    service.behave({ kind: 'no-usage' });
    expect((await open().complete(prompt)).usage).toEqual({ inputTokens: 0, outputTokens: 0, usd: 0 });
  });

  it.each<[string, Behaviour, string]>([
    ['a 500', { kind: 'status', status: 500 }, 'UNAVAILABLE'],
    ['a 429', { kind: 'status', status: 429, retryAfter: '0' }, 'RATE_LIMITED'],
    ['a cut answer', { kind: 'cut' }, 'UNAVAILABLE'],
  ])('tries once more after %s, and counts both', async (_name, behaviour, failure) => {
    service.behave(behaviour, { kind: 'well' });
    expect((await open().complete(prompt)).value).toEqual({ word: 'BARN' });
    expect(calls.map(({ outcome }) => outcome)).toEqual([failure, 'ok']);
    service.behave(behaviour);
    expect((await failureOf(open().complete(prompt))).failure).toBe(failure);
    expect(service.requests).toHaveLength(2);
  });

  it('waits as long as the service asks, and asks no more where that ends after the deadline', async () => {
    service.behave({ kind: 'status', status: 429, retryAfter: '3600' });
    expect(await failureOf(open().complete(prompt))).toMatchObject({
      failure: 'RATE_LIMITED',
      retryAfterMs: 3_600_000,
    });
    expect(service.requests).toHaveLength(1);
    service.behave({ kind: 'status', status: 503, retryAfter: '0.2' }, { kind: 'well' });
    const start = performance.now();
    await open().complete(prompt);
    expect(performance.now() - start).toBeGreaterThanOrEqual(195);
  });

  it.each<[string, Behaviour]>([
    ['never answers', { kind: 'never' }],
    ['answers late', { kind: 'late', delayMs: 20_000 }],
    ['begins an answer and never ends it', { kind: 'unending' }],
  ])('gives up on a service that %s', async (_name, behaviour) => {
    service.behave(behaviour);
    const error = await failureOf(open({ deadlineMs: 60 }).complete(prompt));
    expect(error).toMatchObject({ failure: 'LATE', message: expect.stringContaining('within 60 ms') });
    expect(calls.map(({ outcome }) => outcome)).toEqual(['LATE']);
    await vi.waitFor(() => expect(service.abandoned()).toBe(1));
  });

  it('hangs up on an answer without an end once it is too long', async () => {
    service.behave({ kind: 'flood' });
    const error = await failureOf(open().complete(prompt));
    expect(error).toMatchObject({ failure: 'INVALID_ANSWER', message: expect.stringContaining('65536') });
    expect(service.requests).toHaveLength(1);
    await vi.waitFor(() => expect(service.abandoned()).toBe(1));
    // An error may have no end either.
    service.behave({ kind: 'status', status: 400, body: 'x'.repeat(200_000) });
    expect((await failureOf(open().complete(prompt))).failure).toMatch(/REFUSED|INVALID_ANSWER/);
  });

  it.each<[string, Behaviour]>([
    ['prose', { kind: 'prose' }],
    ['a page of HTML', { kind: 'html' }],
    ['another form', { kind: 'text', text: '{"words":["BARN"]}' }],
    ['more than the form', { kind: 'text', text: '{"word":"BARN","note":"!"}' }],
    ['half of it', { kind: 'text', text: '{"word":"BA' }],
    ['no text', { kind: 'body', body: '{"choices":[{"message":{"content":null,"refusal":"no"}}]}' }],
    ['no choice', { kind: 'body', body: '{"choices":[]}' }],
    ['nothing', { kind: 'body', body: 'null' }],
  ])('refuses %s, at once', async (_name, behaviour) => {
    service.behave(behaviour);
    expect((await failureOf(open().complete(prompt))).failure).toBe('INVALID_ANSWER');
    expect(service.requests).toHaveLength(1);
  });

  it('counts the tokens of an answer that is of no use', async () => {
    service.behave({ kind: 'prose' });
    await failureOf(open().complete(prompt));
    expect(calls).toMatchObject([{ outcome: 'INVALID_ANSWER', usage: { inputTokens: 5, outputTokens: 12 } }]);
  });

  it('does not ask twice where it is refused, and says what to look at', async () => {
    service.behave({ kind: 'status', status: 401 });
    expect(await failureOf(open().complete(prompt))).toMatchObject({
      failure: 'REFUSED',
      message: 'The language model answered 401: it refuses LLM_API_KEY.',
    });
    expect(service.requests).toHaveLength(1);
  });

  it('stops when it is told to, with the reason it was given', async () => {
    service.behave({ kind: 'never' });
    const controller = new AbortController();
    const answer = open().complete({ ...prompt, signal: controller.signal });
    await vi.waitFor(() => expect(service.requests).toHaveLength(1));
    controller.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });

  it('never shows the key, whatever the service repeats', async () => {
    const echo = JSON.stringify({ error: { message: apiKey, code: apiKey, type: apiKey, param: apiKey } });
    for (const behaviour of [
      ...[401, 429, 500].map((status) => ({ kind: 'status', status, body: echo, retryAfter: '99' }) as const),
      { kind: 'text', text: apiKey } as const,
      { kind: 'body', body: apiKey } as const,
    ]) {
      service.behave(behaviour);
      const error = await failureOf(open().complete(prompt));
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(apiKey);
    }
  });
});
