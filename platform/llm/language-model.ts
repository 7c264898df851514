import type { z } from 'zod';

/** A model that answers a prompt by JSON of an agreed form. */
export interface LanguageModel {
  /** Names the model; answers of two versions cannot be compared. */
  readonly version: string;
  /**
   * The answer to `prompt`, checked by its schema.
   * @throws LanguageModelError where the service does not answer as it should, and the reason of `signal` when that aborts.
   */
  complete<T>(prompt: Prompt<T>): Promise<Completion<T>>;
}

export interface Prompt<T> {
  /** Who asks, one of a fixed few: counted by it. */
  readonly name: string;
  /** What to do. Words of ours or of the operator, never of the catalogue. */
  readonly system: string;
  /** What to do it with. */
  readonly user: string;
  /** Of the answer. */
  readonly schema: z.ZodType<T>;
  /** Tokens of the answer at most. */
  readonly maxOutputTokens: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Completion<T> {
  readonly value: T;
  readonly usage: TokenUsage;
}

/** What a call has cost, as far as the service says. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** 0 where the model has no price. */
  readonly usd: number;
}

export const noUsage: TokenUsage = { inputTokens: 0, outputTokens: 0, usd: 0 };
