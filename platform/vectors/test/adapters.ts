import { randomBytes } from 'node:crypto';
import { createQdrantIndex } from '../qdrant-index.ts';
import { createUsearchIndex } from '../usearch-index.ts';
import type { VectorIndex } from '../vector-index.ts';
import { descriptionMissing } from './qdrant-description.ts';
import { startQdrantServer } from './qdrant-server.ts';

export interface OpenAdapter {
  readonly index: VectorIndex;
  /** Another process's view of the same index, where the adapter can be shared. */
  readonly other: VectorIndex | null;
  /** Closes the index and removes what it stored; returns what broke the protocol. */
  close(): Promise<readonly string[]>;
}

export interface Adapter {
  /** Its name, and why the suite cannot run on it here. */
  readonly title: string;
  readonly leftOut: boolean;
  readonly open: () => Promise<OpenAdapter>;
}

const key = 'a key of the tests';
/** A busy machine must not look like a stalled server. */
const searchMs = 20_000;
const liveUrl = process.env['QDRANT_URL'];

/** Every adapter that the contract suite runs on. */
export const adapters: readonly Adapter[] = [
  {
    title: 'usearch',
    leftOut: false,
    open: () => {
      const index = createUsearchIndex();
      return Promise.resolve({
        index,
        other: null,
        close: async () => {
          await index.close();
          return [];
        },
      });
    },
  },
  {
    title: `Qdrant, a local server held to its published description${descriptionMissing}`,
    leftOut: descriptionMissing !== '',
    open: async () => {
      const server = await startQdrantServer(key);
      const options = { url: server.url, apiKey: key, searchMs };
      const [index, other] = [createQdrantIndex(options), createQdrantIndex(options)];
      return {
        index,
        other,
        close: async () => {
          await index.close();
          await other.close();
          await server.close();
          return server.faults;
        },
      };
    },
  },
  {
    title: `Qdrant, a live server${liveUrl === undefined ? ' (left out: QDRANT_URL is not set)' : ''}`,
    leftOut: liveUrl === undefined,
    open: () => {
      const prefix = `test_${randomBytes(6).toString('hex')}`;
      const options = { url: liveUrl ?? '', apiKey: process.env['QDRANT_API_KEY'], prefix, searchMs };
      const [index, other] = [createQdrantIndex(options), createQdrantIndex(options)];
      return Promise.resolve({
        index,
        other,
        close: async () => {
          // Leaves an empty index behind, of one collection.
          await index.replaceAll((async function* () {})(), { version: 'none', dimensions: 1 });
          await index.close();
          await other.close();
          return [];
        },
      });
    },
  },
];
