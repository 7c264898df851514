import { createHash } from 'node:crypto';
import { damped, termCounts } from './term-matrix.ts';
import type { TextEmbedder } from './text-embedder.ts';
import { toUnitVector } from './unit-vector.ts';

/** What training found out about a catalogue's words. */
export interface LocalEmbedding {
  readonly dimensions: number;
  readonly terms: readonly string[];
  /** What a mention of term t adds to a text is `rows[t · dimensions] … rows[(t + 1) · dimensions − 1]`. */
  readonly rows: Float32Array;
}

/** The bytes are no local embedding that can be used; it must be trained anew. */
export class DamagedEmbeddingError extends Error {
  constructor(problem: string) {
    super(`The local embedding ${problem}. Train it anew.`);
    this.name = 'DamagedEmbeddingError';
  }
}

const magic = Buffer.from('BQLE', 'latin1');
/** Raised when the layout changes, or what `tokenise` makes of a text. */
const layout = 1;
const headerBytes = 20;
const checksumBytes = 32;

/**
 * The bytes of an embedding, to be stored and opened again; the same for the same embedding. Little-endian:
 *
 * | bytes | what |
 * | --- | --- |
 * | 4 | `BQLE` |
 * | 4 | layout version, unsigned |
 * | 4 | dimensions d, unsigned |
 * | 4 | terms n, unsigned |
 * | 4 | length of the terms' text in bytes, unsigned |
 * | 4·n·d | rows, 32-bit floats, term after term |
 * | … | the terms in UTF-8, a line feed between two |
 * | 32 | SHA-256 of all bytes before |
 */
export function serialiseLocalEmbedding({
  dimensions,
  terms,
  rows,
}: LocalEmbedding): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(terms.join('\n'), 'utf8');
  const checked = headerBytes + 4 * rows.length + text.length;
  const bytes = new Uint8Array(checked + checksumBytes);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  for (const [place, value] of [layout, dimensions, terms.length, text.length].entries()) {
    view.setUint32(4 * (place + 1), value, true);
  }
  for (const [place, value] of rows.entries()) view.setFloat32(headerBytes + 4 * place, value, true);
  bytes.set(text, checked - text.length);
  bytes.set(checksum(bytes.subarray(0, checked)), checked);
  return bytes;
}

/**
 * The embedder that was serialised to `bytes`; its version names their checksum, so that the same training is the
 * same version everywhere. A text of 400 characters takes some 40 µs.
 * @throws DamagedEmbeddingError when `bytes` are not what was written, or written in another layout.
 */
export function openLocalEmbedding(bytes: Uint8Array): TextEmbedder {
  const embedding = readEmbedding(bytes);
  const places = new Map(embedding.terms.map((term, place) => [term, place]));
  return {
    version: `local:${Buffer.from(bytes.subarray(-checksumBytes)).toString('hex', 0, 8)}`,
    dimensions: embedding.dimensions,
    embed: async (texts, { signal } = {}) => {
      const vectors: Float32Array[] = [];
      for (const [index, text] of texts.entries()) {
        if (index % textsPerTurn === 0) {
          if (index > 0) await nextTurn();
          signal?.throwIfAborted();
        }
        vectors.push(embedText(embedding, places, text));
      }
      return vectors;
    },
  };
}

/** Texts between two turns of the event loop, two or three milliseconds. */
const textsPerTurn = 64;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function embedText(
  { dimensions, rows }: LocalEmbedding,
  places: ReadonlyMap<string, number>,
  text: string,
): Float32Array {
  const sum = new Float64Array(dimensions);
  for (const [term, count] of termCounts(text)) {
    const place = places.get(term);
    if (place === undefined) continue;
    const weight = damped(count);
    const start = place * dimensions;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      sum[dimension] = (sum[dimension] ?? 0) + weight * (rows[start + dimension] ?? 0);
    }
  }
  return toUnitVector(sum);
}

function readEmbedding(bytes: Uint8Array): LocalEmbedding {
  if (bytes.length < headerBytes + checksumBytes) throw new DamagedEmbeddingError('is cut short');
  if (!magic.equals(bytes.subarray(0, 4))) throw new DamagedEmbeddingError('is none: it begins otherwise');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [written, dimensions, count, textBytes] = [4, 8, 12, 16].map((at) => view.getUint32(at, true));
  if (written !== layout) {
    throw new DamagedEmbeddingError(`has layout ${written}, and this Bouquet reads layout ${layout}`);
  }
  const checked = bytes.length - checksumBytes;
  if (!checksum(bytes.subarray(0, checked)).equals(bytes.subarray(checked))) {
    throw new DamagedEmbeddingError('is damaged: its checksum does not match');
  }
  const size = (count ?? 0) * (dimensions ?? 0);
  if (headerBytes + 4 * size + (textBytes ?? 0) !== checked) {
    throw new DamagedEmbeddingError('is damaged: its parts do not add up');
  }
  const rows = new Float32Array(size);
  for (let place = 0; place < size; place++) rows[place] = view.getFloat32(headerBytes + 4 * place, true);
  const text = new TextDecoder().decode(bytes.subarray(checked - (textBytes ?? 0), checked));
  return { dimensions: dimensions ?? 0, terms: count === 0 ? [] : text.split('\n'), rows };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
