import { createOpenAiClient } from '../remote-service/openai-client.ts';
import { toServiceError, type ServiceWords } from '../remote-service/service-failure.ts';
import { withRetries } from '../remote-service/with-retries.ts';
import { readAnswer } from './embedding-answer.ts';
import { EmbeddingError } from './embedding-error.ts';
import type { TextEmbedder } from './text-embedder.ts';

export interface OpenAiEmbedderOptions {
  /** As `https://api.openai.com/v1`: what `/embeddings` is appended to. */
  readonly baseUrl: string;
  /** Absent where the service wants none. */
  readonly apiKey?: string | undefined;
  readonly model: string;
  /** Asks the model for so many dimensions; absent: its own number, learned from a first call. */
  readonly dimensions?: number | undefined;
  /** ms that one call may take, retries not counted; 10,000 unless said otherwise. */
  readonly deadlineMs?: number | undefined;
  /** ms before the first of two retries; 500 unless said otherwise. */
  readonly firstWaitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Texts in one call. */
const batchSize = 64;

/** A minute's rate limit is over by then. */
const longestWaitMs = 60_000;

const words: ServiceWords = {
  name: 'embeddings service',
  variables: 'EMBEDDINGS',
  errorOf: (failure, message, retryAfterMs) => new EmbeddingError(failure, message, retryAfterMs),
};

/**
 * The embedder of any service that speaks OpenAI's `POST /embeddings`. A call that is late, cut, limited (429, whose
 * Retry-After is kept) or answered with 5xx is tried three times. Blank texts are not sent.
 * @throws EmbeddingError when the dimensions are to be learned and the service does not answer as it should.
 */
export async function openOpenAiEmbedder(options: OpenAiEmbedderOptions): Promise<TextEmbedder> {
  const ask = askerOf(options);
  const { model, dimensions = (await ask(['wedding'], undefined, options.signal))[0]?.length ?? 0 } = options;
  return {
    version: `openai:${model}:${dimensions}`,
    dimensions,
    embed: async (texts, { signal } = {}) => {
      signal?.throwIfAborted();
      const vectors: Float32Array[] = texts.map(() => new Float32Array(dimensions));
      // Services refuse empty texts.
      const known = Array.from(texts.keys()).filter((index) => texts[index]?.trim() !== '');
      for (let start = 0; start < known.length; start += batchSize) {
        const places = known.slice(start, start + batchSize);
        const answer = await ask(
          places.map((place) => texts[place] ?? ''),
          dimensions,
          signal,
        );
        for (const [index, place] of places.entries()) vectors[place] = answer[index] ?? new Float32Array(0);
      }
      return vectors;
    },
  };
}

type Ask = (
  texts: readonly string[],
  expected: number | undefined,
  signal: AbortSignal | undefined,
) => Promise<Float32Array[]>;

function askerOf({
  baseUrl,
  apiKey,
  model,
  dimensions,
  deadlineMs = 10_000,
  firstWaitMs = 500,
}: OpenAiEmbedderOptions): Ask {
  const client = createOpenAiClient({ baseUrl, apiKey, timeoutMs: deadlineMs });
  const askOnce: Ask = async (texts, expected, signal) => {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await client.embeddings.create(
        {
          model,
          input: texts.map((text) => text.toWellFormed()),
          // The client's own choice is base64, which many services lack.
          encoding_format: 'float',
          ...(dimensions === undefined ? {} : { dimensions }),
        },
        // The client's timeout ends with the headers; a body may go on for ever.
        { signal: AbortSignal.any(signal === undefined ? [deadline] : [deadline, signal]) },
      );
      return readAnswer(answer, texts.length, expected);
    } catch (error) {
      if (!deadline.aborted) throw toServiceError(error, words);
      throw new EmbeddingError('LATE', `The embeddings service did not answer within ${deadlineMs} ms.`);
    }
  };
  const rules = { attempts: 3, firstWaitMs, longestWaitMs: () => longestWaitMs };
  return (texts, expected, signal) => withRetries(() => askOnce(texts, expected, signal), rules, signal);
}
