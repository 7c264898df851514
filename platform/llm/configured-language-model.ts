import type { Config } from '../config/config.ts';
import type { LanguageModel } from './language-model.ts';
import { openAiLanguageModel, type LanguageModelCall } from './openai-language-model.ts';

/** The language model that the configuration names, or null where there is none. `onCall` hears of each of its calls. */
export function configuredLanguageModel(
  {
    LLM_BASE_URL: baseUrl,
    LLM_API_KEY: apiKey,
    LLM_MODEL: model,
    LLM_PRICES: prices,
  }: Pick<Config, 'LLM_BASE_URL' | 'LLM_API_KEY' | 'LLM_MODEL' | 'LLM_PRICES'>,
  onCall: (call: LanguageModelCall) => void,
): LanguageModel | null {
  if (baseUrl === undefined || model === undefined) return null;
  return openAiLanguageModel({ baseUrl, apiKey, model, price: prices?.get(model), onCall });
}
