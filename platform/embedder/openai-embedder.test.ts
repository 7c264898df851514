import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingError } from './embedding-error.ts';
import { openOpenAiEmbedder, type OpenAiEmbedderOptions } from './openai-embedder.ts';
import {
  serviceDimensions,
  startEmbeddingsService,
  type Behaviour,
  type EmbeddingsService,
} from './test/embeddings-service.ts';
import type { TextEmbedder } from './text-embedder.ts';

const apiKey = 'sk-not-for-anybodys-eyes';
const texts = ['barn', 'rose', 'tide'];

let service: EmbeddingsService;
let embedder: TextEmbedder;

function open(options: Partial<OpenAiEmbedderOptions> = {}): Promise<TextEmbedder> {
  return openOpenAiEmbedder({ baseUrl: service.baseUrl, apiKey, model: 'small', firstWaitMs: 1, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<EmbeddingError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof EmbeddingError) return error;
  throw new Error('There was no EmbeddingError.', { cause: error });
}

beforeAll(async () => {
  service = await startEmbeddingsService();
  embedder = await open();
});
afterAll(() => service.close());
beforeEach(() => service.behave());

/** An answer of vectors that are said in full. */
function vectors(...embeddings: unknown[]): Behaviour {
  const data = embeddings.map((embedding, index) => ({ index, embedding }));
  return { kind: 'json', body: JSON.stringify({ data }) };
}

function filled(value: unknown, length = serviceDimensions): unknown[] {
  return Array.from({ length }, () => value);
}

describe('OpenAI-compatible embedder', () => {
  it('learns its dimensions or asks for them, and names model and dimensions as its version', async () => {
    expect(embedder).toMatchObject({
      version: `openai:small:${serviceDimensions}`,
      dimensions: serviceDimensions,
    });
    const eight = await open({ dimensions: 8 });
    expect(service.requests).toHaveLength(0);
    expect(eight).toMatchObject({ version: 'openai:small:8', dimensions: 8 });
    expect((await eight.embed(texts)).map((vector) => vector.length)).toEqual([8, 8, 8]);
  });

  it('sends 64 texts at a time and no blank ones, with the key or without one', async () => {
    await embedder.embed(
      Array.from({ length: 150 }, (_, index) => (index % 10 === 0 ? ' ' : `text ${index}`)),
    );
    expect(service.requests.map((request) => request.texts.length)).toEqual([64, 64, 7]);
    expect(service.requests.map((request) => request.authorization)).toEqual(filled(`Bearer ${apiKey}`, 3));
    await open({ apiKey: undefined });
    expect(service.requests.at(-1)?.authorization).toBeUndefined();
  });

  it('goes by the index of an answer, not by its place', async () => {
    const expected = await embedder.embed(texts);
    service.behave({ kind: 'shuffled' });
    expect(await embedder.embed(texts)).toEqual(expected);
  });

  it('scales vectors of any size', async () => {
    const numbers = [1e-300, 1e300, 0];
    service.behave(vectors(...numbers.map((value) => filled(value))));
    const lengths = (await embedder.embed(texts)).map((vector) => Math.hypot(...vector));
    for (const [index, length] of [1, 1, 0].entries()) expect(lengths[index]).toBeCloseTo(length, 6);
  });

  it.each<[string, Behaviour]>([
    ['a 500', { kind: 'status', status: 500 }],
    ['a 429', { kind: 'status', status: 429, retryAfter: '0' }],
    ['a cut answer', { kind: 'cut' }],
  ])('tries again after %s, three times in all', async (_name, behaviour) => {
    service.behave(behaviour, behaviour);
    expect(await embedder.embed(texts)).toHaveLength(3);
    expect(service.requests).toHaveLength(3);
    service.behave(behaviour, behaviour, behaviour);
    expect((await failureOf(embedder.embed(texts))).failure).toMatch(/UNAVAILABLE|RATE_LIMITED/);
    expect(service.requests).toHaveLength(3);
  });

  it('gives up on a service that wants to be left alone for longer than a minute, and says until when', async () => {
    service.behave({ kind: 'status', status: 429, retryAfter: '3600' });
    const seconds = await failureOf(embedder.embed(texts));
    expect(seconds).toMatchObject({ failure: 'RATE_LIMITED', retryAfterMs: 3_600_000 });
    service.behave({ kind: 'status', status: 503, retryAfter: new Date('2999-01-01').toUTCString() });
    const date = await failureOf(embedder.embed(texts));
    expect(date.failure).toBe('UNAVAILABLE');
    expect(date.retryAfterMs).toBeGreaterThan(1e12);
    expect(service.requests).toHaveLength(1);
  });

  it.each<[string, Behaviour]>([
    ['never answers', { kind: 'never' }],
    ['begins an answer and never ends it', { kind: 'endless' }],
  ])('has a deadline for a service that %s', async (_name, behaviour) => {
    const hasty = await open({ dimensions: serviceDimensions, deadlineMs: 60 });
    service.behave(behaviour, behaviour, behaviour);
    const error = await failureOf(hasty.embed(texts));
    expect(error).toMatchObject({ failure: 'LATE', message: expect.stringContaining('within 60 ms') });
    expect(service.requests).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 413, 418])('does not ask twice after a %i', async (status) => {
    service.behave({ kind: 'status', status });
    const error = await failureOf(embedder.embed(texts));
    expect(error).toMatchObject({ failure: 'REFUSED', message: expect.stringContaining(String(status)) });
    expect(service.requests).toHaveLength(1);
  });

  it.each<[string, Behaviour]>([
    ['garbage', { kind: 'garbage' }],
    ['no data', { kind: 'json', body: '{}' }],
    ['nothing', { kind: 'json', body: 'null' }],
    ['too few vectors', vectors(filled(1), filled(1))],
    ['too many vectors', vectors(filled(1), filled(1), filled(1), filled(1))],
    ['a null', vectors(filled(1), filled(null), filled(1))],
    ['NaN as a word', vectors(filled(1), filled('NaN'), filled(1))],
    ['NaN bare', { kind: 'json', body: '{"data":[{"index":0,"embedding":[NaN]}]}' }],
    ['infinity', { kind: 'json', body: JSON.stringify({ data: texts }).replaceAll(/"\w{4}"/g, infinite) }],
    ['empty vectors', vectors([], [], [])],
    ['two dimensions', vectors(filled(1), filled(1, 3), filled(1))],
    ['other dimensions than before', vectors(filled(1, 3), filled(1, 3), filled(1, 3))],
    ['one index twice', { kind: 'json', body: JSON.stringify({ data: filled(sameIndex, 3) }) }],
  ])('refuses an answer with %s, at once', async (_name, behaviour) => {
    service.behave(behaviour);
    const error = await failureOf(embedder.embed(texts));
    expect(error.failure).toBe('INVALID_ANSWER');
    expect(service.requests).toHaveLength(1);
  });

  it('is a failure to open where the service is not there', async () => {
    const gone = await startEmbeddingsService();
    await gone.close();
    const error = await failureOf(open({ baseUrl: gone.baseUrl }));
    expect(error).toMatchObject({ failure: 'UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') });
  });

  it('stops when it is told to, also while it waits to try again', async () => {
    const patient = await open({ dimensions: serviceDimensions, firstWaitMs: 20_000 });
    for (const behaviour of [{ kind: 'never' }, { kind: 'status', status: 503 }] satisfies Behaviour[]) {
      service.behave(behaviour);
      const controller = new AbortController();
      const embedding = patient.embed(texts, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 50);
      await expect(embedding).rejects.toThrow('enough');
      expect(service.requests).toHaveLength(1);
    }
  });

  it('never shows the key, whatever the service repeats', async () => {
    const echo = JSON.stringify({ error: { message: apiKey, code: apiKey, type: apiKey, param: apiKey } });
    const behaviours: Behaviour[] = [401, 429, 500].map((status) => {
      return { kind: 'status', status, body: echo, retryAfter: '9999' };
    });
    const errors: EmbeddingError[] = [];
    for (const behaviour of [...behaviours, vectors(apiKey), { kind: 'json', body: apiKey } as const]) {
      service.behave(behaviour);
      errors.push(await failureOf(embedder.embed(texts)));
    }
    // What fetch says of a key that no header can hold, and of an address with a password, repeats both.
    errors.push(await failureOf(open({ apiKey: `${apiKey}\n${apiKey}` })));
    errors.push(await failureOf(open({ baseUrl: service.baseUrl.replace('//', `//me:${apiKey}@`) })));
    for (const error of errors) {
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(apiKey);
    }
  });
});

const infinite = `{"index":0,"embedding":[${filled('1e999').join(',')}]}`;
const sameIndex = { index: 1, embedding: filled(1) };
