import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryText } from './entry-text.ts';
import { openLocalEmbedding, serialiseLocalEmbedding } from './local-embedding.ts';
import { openOpenAiEmbedder } from './openai-embedder.ts';
import { startEmbeddingsService } from './test/embeddings-service.ts';
import { themedCatalogue } from './test/themed-catalogue.ts';
import type { TextEmbedder } from './text-embedder.ts';
import { trainLocalEmbedding } from './train-local-embedding.ts';

interface Opened {
  readonly embedder: TextEmbedder;
  readonly close: () => Promise<void>;
}

const catalogue = themedCatalogue(30).map(entryText);

async function openLocal(): Promise<Opened> {
  const bytes = serialiseLocalEmbedding(await trainLocalEmbedding(catalogue, { dimensions: 16 }));
  return { embedder: openLocalEmbedding(bytes), close: () => Promise.resolve() };
}

async function openRemote(): Promise<Opened> {
  const service = await startEmbeddingsService();
  const embedder = await openOpenAiEmbedder({ baseUrl: service.baseUrl, model: 'small' });
  return { embedder, close: () => service.close() };
}

describe.each([
  { name: 'local', open: openLocal },
  { name: 'OpenAI-compatible', open: openRemote },
])('$name text embedder', ({ open }) => {
  let opened: Opened;
  let embedder: TextEmbedder;
  beforeAll(async () => {
    opened = await open();
    ({ embedder } = opened);
  });
  afterAll(() => opened.close());

  /** Texts that are known, and any others. */
  const texts = fc.array(fc.oneof(fc.constantFrom(...catalogue), fc.string({ unit: 'grapheme' })), {
    maxLength: 8,
  });

  it('gives vectors of its dimensions and of length 1 or 0, the same each time, wherever a text stands', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (list) => {
        const vectors = await embedder.embed(list);
        expect(vectors).toHaveLength(list.length);
        for (const vector of vectors) {
          expect(vector).toHaveLength(embedder.dimensions);
          const length = Math.hypot(...vector);
          expect(Math.min(Math.abs(length - 1), length)).toBeLessThan(1e-6);
        }
        expect((await embedder.embed(list.toReversed())).toReversed()).toEqual(vectors);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the order of more texts than fit in one batch, with blank ones between', async () => {
    const list = catalogue.flatMap((text, index) => (index % 7 === 0 ? ['', text] : [text]));
    const vectors = await embedder.embed(list);
    expect(vectors).toHaveLength(list.length);
    for (const place of [0, 1, 2, 62, 63, 64, 65, 66, 127, 128, 129, list.length - 1]) {
      expect(await embedder.embed([list[place] ?? ''])).toEqual([vectors[place]]);
    }
    expect(Math.hypot(...(vectors[1] ?? []))).toBeCloseTo(1, 6);
  });

  it('gives a blank text the zero vector, and no texts nothing', async () => {
    const zero = new Float32Array(embedder.dimensions);
    expect(await embedder.embed(['', ' \n\t'])).toEqual([zero, zero]);
    expect(await embedder.embed([])).toEqual([]);
  });

  it('hands out vectors that are the caller’s own', async () => {
    const text = catalogue[0] ?? '';
    const [first] = await embedder.embed([text]);
    const copy = first?.slice();
    first?.fill(9);
    expect(await embedder.embed([text])).toEqual([copy]);
  });

  it('names its version', () => {
    expect(embedder.version).toMatch(/^[a-z]+:\S+$/);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(embedder.embed(catalogue, { signal })).rejects.toThrow('enough');
    const later = new AbortController();
    const embedding = embedder.embed(catalogue, { signal: later.signal });
    later.abort(new Error('changed my mind'));
    await expect(embedding).rejects.toThrow('changed my mind');
  });
});
