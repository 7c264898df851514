import type { Config } from '../config/config.ts';
import { createQdrantIndex } from './qdrant-index.ts';
import { createUsearchIndex } from './usearch-index.ts';
import type { VectorIndex } from './vector-index.ts';

/** The vector index that the configuration asks for: Qdrant where `QDRANT_URL` is set, else usearch in this process. */
export function openVectorIndex(config: Pick<Config, 'QDRANT_URL' | 'QDRANT_API_KEY'>): VectorIndex {
  return config.QDRANT_URL === undefined
    ? createUsearchIndex()
    : createQdrantIndex({ url: config.QDRANT_URL, apiKey: config.QDRANT_API_KEY });
}
