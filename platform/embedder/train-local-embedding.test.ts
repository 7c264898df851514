import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { entryText } from './entry-text.ts';
import { openLocalEmbedding, serialiseLocalEmbedding } from './local-embedding.ts';
import { themedCatalogue } from './test/themed-catalogue.ts';
import { trainLocalEmbedding, type TrainingOptions, type TrainingProgress } from './train-local-embedding.ts';

const catalogue = themedCatalogue(50);
const texts = catalogue.map(entryText);

async function trained(list: readonly string[], options?: TrainingOptions) {
  return openLocalEmbedding(serialiseLocalEmbedding(await trainLocalEmbedding(list, options)));
}

function cosine(left: Float32Array | undefined, right: Float32Array | undefined): number {
  let sum = 0;
  for (const [index, value] of (left ?? []).entries()) sum += value * (right?.[index] ?? 0);
  return sum;
}

describe('trainLocalEmbedding', () => {
  it('brings entries of one theme together, where chance would be one in six', async () => {
    const embedder = await trained(texts, { dimensions: 8 });
    const vectors = await embedder.embed(texts);
    let same = 0;
    for (const [index, vector] of vectors.entries()) {
      const nearest = vectors
        .map((other, place) => ({ place, score: place === index ? -1 : cosine(vector, other) }))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, 10);
      same += nearest.filter(({ place }) => catalogue[place]?.theme === catalogue[index]?.theme).length;
    }
    expect(same / (10 * texts.length)).toBeGreaterThan(0.9);
  });

  it('knows that words belong together that stand in no text together with the query’s', async () => {
    const embedder = await trained(texts, { dimensions: 8 });
    const [query, near, far] = await embedder.embed(['barn lantern', 'hay wagons', 'beach tides']);
    expect(cosine(query, near)).toBeGreaterThan(0.7);
    expect(cosine(query, far)).toBeLessThan(0.3);
  });

  it('gives the same bytes each time, from a list or from batches of any size', async () => {
    const bytes = serialiseLocalEmbedding(await trainLocalEmbedding(texts));
    async function* batches() {
      for (let start = 0; start < texts.length; start += 7) {
        await sleep(0);
        yield texts.slice(start, start + 7);
      }
    }
    expect(serialiseLocalEmbedding(await trainLocalEmbedding(batches()))).toEqual(bytes);
  });

  it('reports the texts that are read and the dimensions that are found', async () => {
    const heard: TrainingProgress[] = [];
    const embedding = await trainLocalEmbedding(texts, {
      dimensions: 5,
      onProgress: (progress) => heard.push(progress),
    });
    expect(embedding.dimensions).toBe(5);
    expect(heard[0]).toEqual({ readTexts: texts.length });
    expect(heard.at(-1)).toEqual({ foundDimensions: 5 });
  });

  it('has as many dimensions as a small catalogue spans, and one that knows nothing without common words', async () => {
    const two = await trained(['barn hay', 'barn hay', 'rose tea', 'rose tea']);
    expect(two.dimensions).toBe(2);
    const [barn, hay, rose] = await two.embed(['barn', 'hay barn', 'rose']);
    expect(cosine(barn, hay)).toBeCloseTo(1, 5);
    expect(cosine(barn, rose)).toBeCloseTo(0, 5);
    for (const list of [[], [''], ['barn hay'], ['barn', 'rose'], ['barn', 'barn']]) {
      const nothing = await trained(list);
      expect(nothing.dimensions).toBe(1);
      expect(await nothing.embed(['barn'])).toEqual([new Float32Array(1)]);
    }
  });

  it('knows nothing of a text whose words no dimension holds', async () => {
    const embedder = await trained(['barn hay', 'barn hay', 'barn hay', 'rose tea', 'rose tea'], {
      dimensions: 1,
    });
    const [barn, rose] = await embedder.embed(['barn', 'rose tea']);
    expect(Math.hypot(...(barn ?? []))).toBeCloseTo(1, 6);
    expect(rose).toEqual(new Float32Array(1));
  });

  it('stops when it is told to, before and while texts are read', async () => {
    await expect(
      trainLocalEmbedding(texts, { signal: AbortSignal.abort(new Error('never')) }),
    ).rejects.toThrow('never');
    const reading = new AbortController();
    async function* endless() {
      for (;;) {
        await sleep(1);
        yield texts;
      }
    }
    const onRead = (): void => reading.abort(new Error('enough'));
    await expect(
      trainLocalEmbedding(endless(), { onProgress: onRead, signal: reading.signal }),
    ).rejects.toThrow('enough');
  });

  it('passes on what goes wrong while the texts are read', async () => {
    async function* broken() {
      yield texts;
      await sleep(0);
      throw new Error('connection lost');
    }
    await expect(trainLocalEmbedding(broken())).rejects.toThrow('connection lost');
  });
});
