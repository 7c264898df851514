import { z } from 'zod';
import { LanguageModelError } from './language-model-error.ts';

/** What is used of an answer of `POST /chat/completions`. */
const answerSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z
    .object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) })
    .nullish()
    .catch(null),
});

const usageSchema = z.object({ usage: answerSchema.shape.usage });

export interface ChatAnswer {
  /** 0 where the service does not say. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /**
   * What the model wrote, as JSON.
   * @throws LanguageModelError unless it is of `schema`.
   */
  read<T>(schema: z.ZodType<T>): T;
}

/** An answer of the service, of which the tokens count even where the rest is of no use. */
export function readChatAnswer(answer: unknown): ChatAnswer {
  const usage = usageSchema.safeParse(answer).data?.usage;
  return {
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
    read: (schema) => {
      const content = answerSchema.safeParse(answer).data?.choices[0]?.message.content;
      if (content === undefined) throw invalid('has no text');
      const value = schema.safeParse(parseJson(content));
      if (!value.success) throw invalid('is JSON of another form than agreed');
      return value.data;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('is no JSON');
  }
}

function invalid(problem: string): LanguageModelError {
  return new LanguageModelError('INVALID_ANSWER', `The answer of the language model ${problem}.`);
}
