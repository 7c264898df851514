import { z } from 'zod';
import { createOpenAiClient } from '../remote-service/openai-client.ts';
import type { ServiceFailure } from '../remote-service/service-error.ts';
import { toServiceError, type ServiceWords } from '../remote-service/service-failure.ts';
import { withRetries } from '../remote-service/with-retries.ts';
import { cappedFetch, TooLongAnswerError } from './capped-fetch.ts';
import { readChatAnswer } from './chat-answer.ts';
import { LanguageModelError } from './language-model-error.ts';
import {
  noUsage,
  type Completion,
  type LanguageModel,
  type Prompt,
  type TokenUsage,
} from './language-model.ts';
import { usageOf, type ModelPrice } from './prices.ts';

export interface OpenAiLanguageModelOptions {
  /** As `https://api.openai.com/v1`: what `/chat/completions` is appended to. */
  readonly baseUrl: string;
  /** Absent where the service wants none. */
  readonly apiKey?: string | undefined;
  readonly model: string;
  /** Absent: its calls count as free. */
  readonly price?: ModelPrice | undefined;
  /** ms that an answer may take, a second try counted; 3,000 unless said otherwise. */
  readonly deadlineMs?: number | undefined;
  /** Bytes of an answer at most; 65,536 unless said otherwise. */
  readonly maxBytes?: number | undefined;
  /** ms before the second try where the service asks for no longer wait; 100 unless said otherwise. */
  readonly retryWaitMs?: number | undefined;
  /** Hears of each call of the service, also of those that fail and are tried again. */
  readonly onCall?: ((call: LanguageModelCall) => void) | undefined;
}

/** One call of the service. */
export interface LanguageModelCall {
  /** Of the prompt. */
  readonly name: string;
  readonly outcome: 'ok' | ServiceFailure;
  readonly usage: TokenUsage;
}

const words: ServiceWords = {
  name: 'language model',
  variables: 'LLM',
  errorOf: (failure, message, retryAfterMs) => new LanguageModelError(failure, message, retryAfterMs),
};

/**
 * The language model of any service that speaks OpenAI's `POST /chat/completions` with structured output
 * (`response_format` of type `json_schema`). A call that is cut, limited (429, whose Retry-After is kept) or answered with
 * 5xx is tried once more where there is time for it.
 */
export function openAiLanguageModel(options: OpenAiLanguageModelOptions): LanguageModel {
  const { baseUrl, apiKey, model, price, onCall } = options;
  const { deadlineMs = 3_000, maxBytes = 65_536, retryWaitMs = 100 } = options;
  const client = createOpenAiClient({ baseUrl, apiKey, timeoutMs: deadlineMs, fetch: cappedFetch(maxBytes) });

  const ask = async <T>(prompt: Prompt<T>, deadline: AbortSignal): Promise<Completion<T>> => {
    const signals = prompt.signal === undefined ? [deadline] : [deadline, prompt.signal];
    let usage = noUsage;
    try {
      const answer = await client.chat.completions.create(
        {
          model,
          messages: [
            { role: 'system', content: prompt.system.toWellFormed() },
            { role: 'user', content: prompt.user.toWellFormed() },
          ],
          response_format: {
            type: 'json_schema',
            json_schema: { name: prompt.name, strict: true, schema: jsonSchemaOf(prompt.schema) },
          },
          max_completion_tokens: prompt.maxOutputTokens,
          temperature: 0,
        },
        // The client's timeout ends with the headers; a body may go on for ever.
        { signal: AbortSignal.any(signals) },
      );
      const chat = readChatAnswer(answer);
      usage = usageOf(chat.inputTokens, chat.outputTokens, price);
      const value = chat.read(prompt.schema);
      onCall?.({ name: prompt.name, outcome: 'ok', usage });
      return { value, usage };
    } catch (error) {
      prompt.signal?.throwIfAborted();
      const failure = failureOf(error, deadline);
      onCall?.({ name: prompt.name, outcome: failure.failure, usage });
      throw failure;
    }
  };

  const failureOf = (error: unknown, deadline: AbortSignal): LanguageModelError => {
    if (deadline.aborted) {
      return new LanguageModelError('LATE', `The language model did not answer within ${deadlineMs} ms.`);
    }
    if (error instanceof TooLongAnswerError) {
      return new LanguageModelError(
        'INVALID_ANSWER',
        `The language model wrote more than ${maxBytes} bytes.`,
      );
    }
    return toServiceError(error, words);
  };

  return {
    version: `openai:${model}`,
    complete: (prompt) => {
      const until = performance.now() + deadlineMs;
      const deadline = AbortSignal.timeout(deadlineMs);
      const rules = {
        attempts: 2,
        firstWaitMs: retryWaitMs,
        longestWaitMs: () => until - performance.now(),
      };
      return withRetries(() => ask(prompt, deadline), rules, prompt.signal);
    },
  };
}

/** `schema` as services take it, which know no dialects. */
function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...form } = z.toJSONSchema(schema);
  return form;
}
