import { Counter, Histogram, type Registry } from 'prom-client';
import type { LanguageModelCall } from '../llm/openai-language-model.ts';

/** What language models have done and cost, by agent: one of a fixed few names. */
export class LanguageModelMetrics {
  readonly #calls;
  readonly #tokens;
  readonly #usd;
  readonly #batchSizes;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#calls = new Counter({
      name: 'bouquet_llm_calls_total',
      help: 'Calls of the language model, by agent and outcome: ok, or what went wrong.',
      labelNames: ['agent', 'outcome'],
      registers,
    });
    this.#tokens = new Counter({
      name: 'bouquet_llm_tokens_total',
      help: 'Tokens as the service counts them, by agent and direction: in or out.',
      labelNames: ['agent', 'direction'],
      registers,
    });
    this.#usd = new Counter({
      name: 'bouquet_llm_usd_total',
      help: 'US dollars by the table LLM_PRICES, by agent.',
      labelNames: ['agent'],
      registers,
    });
    this.#batchSizes = new Histogram({
      name: 'bouquet_llm_batch_items',
      help: 'Items scored by one call of the language model, by agent.',
      labelNames: ['agent'],
      buckets: [1, 2, 3, 5, 7, 9, 10],
      registers,
    });
  }

  countCall({ name: agent, outcome, usage }: LanguageModelCall): void {
    this.#calls.inc({ agent, outcome: outcome.toLowerCase() });
    this.#tokens.inc({ agent, direction: 'in' }, usage.inputTokens);
    this.#tokens.inc({ agent, direction: 'out' }, usage.outputTokens);
    this.#usd.inc({ agent }, usage.usd);
  }

  countBatch(agent: string, items: number): void {
    this.#batchSizes.observe({ agent }, items);
  }
}
