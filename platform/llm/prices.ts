import { z } from 'zod';
import type { TokenUsage } from './language-model.ts';

/** USD for a million tokens, of what is sent and of what is answered. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

const priceText = /^(?<model>[^=,\s]+)=(?<input>\d+(?:\.\d+)?)\/(?<output>\d+(?:\.\d+)?)$/;

/** A price table, as `gpt-4o-mini=0.15/0.6,other=1/4`: by model, USD for a million tokens in and out. */
export const pricesSchema = z.string().transform((text, context): ReadonlyMap<string, ModelPrice> => {
  const prices = new Map<string, ModelPrice>();
  for (const entry of text.split(',')) {
    const { model = '', input, output } = priceText.exec(entry.trim())?.groups ?? {};
    if (model === '') {
      context.addIssue('must be model=in/out, USD for a million tokens each, comma-separated');
      return z.NEVER;
    }
    prices.set(model, { input: Number(input), output: Number(output) });
  }
  return prices;
});

/** What the tokens of one call cost. */
export function usageOf(
  inputTokens: number,
  outputTokens: number,
  price: ModelPrice | undefined,
): TokenUsage {
  const { input, output } = price ?? { input: 0, output: 0 };
  return { inputTokens, outputTokens, usd: (inputTokens * input + outputTokens * output) / 1e6 };
}
