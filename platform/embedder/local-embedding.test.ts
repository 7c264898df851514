import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedEmbeddingError, openLocalEmbedding, serialiseLocalEmbedding } from './local-embedding.ts';

/** Terms as `tokenise` makes them, with a row of numbers each. */
const embeddings = fc
  .record({
    dimensions: fc.integer({ min: 1, max: 6 }),
    terms: fc.uniqueArray(fc.stringMatching(/^[b-y]{2,8}x$/), { maxLength: 12 }),
    numbers: fc.infiniteStream(fc.double({ min: -8, max: 8, noNaN: true }).filter((value) => value !== 0)),
  })
  .map(({ dimensions, terms, numbers }) => {
    return { dimensions, terms, rows: Float32Array.from(numbers.take(dimensions * terms.length)) };
  });

describe('local embedding as bytes', () => {
  it('opens as what was serialised, also from the middle of a buffer', async () => {
    await fc.assert(
      fc.asyncProperty(embeddings, fc.nat(9), async (embedding, offset) => {
        const bytes = serialiseLocalEmbedding(embedding);
        const within = Buffer.concat([Buffer.alloc(offset, 1), bytes, Buffer.alloc(3, 1)]);
        const embedder = openLocalEmbedding(within.subarray(offset, offset + bytes.length));
        expect(embedder.dimensions).toBe(embedding.dimensions);
        expect(embedder.version).toBe(openLocalEmbedding(bytes).version);
        for (const [place, vector] of (await embedder.embed(embedding.terms)).entries()) {
          const start = place * embedding.dimensions;
          const row = embedding.rows.slice(start, start + embedding.dimensions);
          const length = Math.hypot(...row);
          for (const [index, value] of vector.entries()) {
            expect(value).toBeCloseTo(length === 0 ? 0 : (row[index] ?? 0) / length, 5);
          }
        }
      }),
    );
  });

  it('has another version when anything in it differs', () => {
    const embedding = { dimensions: 2, terms: ['barn', 'rose'], rows: Float32Array.of(1, 0, 0, 1) };
    const versions = [
      embedding,
      { ...embedding, terms: ['barn', 'oak'] },
      { ...embedding, rows: Float32Array.of(1, 0, 0, 2) },
      { ...embedding, dimensions: 1, rows: Float32Array.of(1, 0) },
    ].map((each) => openLocalEmbedding(serialiseLocalEmbedding(each)).version);
    expect(new Set(versions).size).toBe(4);
  });

  it('refuses bytes that are cut, lengthened or changed anywhere', () => {
    fc.assert(
      fc.property(embeddings, fc.nat(), fc.integer({ min: 1, max: 255 }), (embedding, at, flip) => {
        const bytes = serialiseLocalEmbedding(embedding);
        const place = at % bytes.length;
        const changed = bytes.map((byte, index) => (index === place ? byte ^ flip : byte));
        for (const damaged of [changed, bytes.subarray(0, place), Buffer.concat([bytes, Buffer.of(flip)])]) {
          expect(() => openLocalEmbedding(damaged)).toThrow(DamagedEmbeddingError);
        }
      }),
    );
  });

  it('refuses another layout by its number, and parts that do not add up', () => {
    const bytes = serialiseLocalEmbedding({ dimensions: 1, terms: ['barn'], rows: Float32Array.of(1) });
    expect(() => openLocalEmbedding(resealed(bytes, 4, 9))).toThrow(/has layout 9.*Train it anew/);
    expect(() => openLocalEmbedding(resealed(bytes, 8, 2))).toThrow(/do not add up/);
  });
});

/** `bytes` with another number at `place`, and the checksum that belongs to it. */
function resealed(bytes: Uint8Array, place: number, value: number): Uint8Array {
  const changed = Buffer.from(bytes.subarray(0, -32));
  changed.writeUInt32LE(value, place);
  return Buffer.concat([changed, createHash('sha256').update(changed).digest()]);
}
