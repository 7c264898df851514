import type { Config } from '../config/config.ts';
import { openOpenAiEmbedder } from './openai-embedder.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** A service that embeds texts, of which nothing is asked before it is opened. */
export interface RemoteEmbedding {
  /** What the `version` of its embedder begins with, known without asking it. */
  readonly name: string;
  /**
   * Returns its embedder, the same each time.
   * @throws EmbeddingError where it does not answer as it should; the next call asks anew.
   */
  open(signal?: AbortSignal): Promise<TextEmbedder>;
}

/** The service that the configuration names, or null where texts are embedded by what is trained on them. */
export function remoteEmbeddingOf({
  EMBEDDINGS_BASE_URL: baseUrl,
  EMBEDDINGS_API_KEY: apiKey,
  EMBEDDINGS_MODEL: model,
}: Pick<Config, 'EMBEDDINGS_BASE_URL' | 'EMBEDDINGS_API_KEY' | 'EMBEDDINGS_MODEL'>): RemoteEmbedding | null {
  if (baseUrl === undefined || model === undefined) return null;
  let opened: TextEmbedder | null = null;
  return {
    name: `openai:${model}`,
    open: async (signal) => (opened ??= await openOpenAiEmbedder({ baseUrl, apiKey, model, signal })),
  };
}
