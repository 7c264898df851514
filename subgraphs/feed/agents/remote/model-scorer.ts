import { BrokenCircuitError, bulkhead, BulkheadRejectedError, handleWhen } from 'cockatiel';
import { LanguageModelError } from '#platform/llm/language-model-error.ts';
import type { LanguageModel } from '#platform/llm/language-model.ts';
import {
  breakerRestMs,
  createBreaker,
  stateOf,
  type BreakerState,
} from '#platform/resilience/circuit-breaker.ts';
import { batched } from './batcher.ts';
import type { ItemText } from './item-texts.ts';
import { believable, readScores } from './model-scores.ts';
import type { PromptItem, ScoringPrompt } from './prompts.ts';

/** An item and for whom it is to be scored. */
export interface Pair {
  /** What separates it from other pairs of its agent, and from those of others. */
  readonly key: string;
  readonly id: string;
  /** In words, where that matters to the model. */
  readonly readers: string | null;
}

/** A score, 0..1 or `notBelieved`, or why there is none. */
export type Scored = number | NoScore;

/** In words that a client may read. */
export type NoScore =
  | 'no answer in time'
  | 'no usable answer'
  | 'breaker open'
  | 'too many calls'
  | 'not in the answer'
  | 'no text';

/** The texts of items, in the order of their ids; null where there is none. */
export interface TextSource {
  load(ids: readonly string[]): Promise<readonly (ItemText | null)[]>;
}

export interface ModelScorerOptions {
  /** Of the agent. */
  readonly name: string;
  readonly model: LanguageModel;
  readonly prompt: ScoringPrompt;
  readonly texts: TextSource;
  /** Hears of each score once, to keep it. */
  readonly onScores: (scores: readonly { readonly key: string; readonly value: number }[]) => void;
  /** How many items a call asks for, and what stopped one. */
  readonly onBatch: (agent: string, items: number) => void;
  readonly onFailure: (agent: string, error: unknown) => void;
  /** Ends calls that nobody waits for any more. */
  readonly signal: AbortSignal | undefined;
  /** How long the breaker rests before it lets one call through, in ms. */
  readonly halfOpenMs: number | undefined;
}

/** Calls at a time, and batches that wait for one of them to end. */
const concurrent = { calls: 16, waiting: 2_000 };

/**
 * Scores pairs by a language model: ten in a call, from any requests, each pair once at a time, behind a breaker. A call goes
 * on where the request that wanted it has given up, for the sake of the next.
 */
export class ModelScorer {
  readonly #options: ModelScorerOptions;
  readonly #breaker;
  readonly #slots = bulkhead(concurrent.calls, concurrent.waiting);
  readonly #inFlight = new Map<string, Promise<Scored>>();
  /** In flight by a text that has changed since. */
  readonly #outdated = new Set<string>();
  readonly #ask = batched((pairs: readonly Pair[]) => this.#answer(pairs));
  /** On the clock of the process: until then nothing gets through the breaker. */
  #restsUntil = 0;

  constructor(options: ModelScorerOptions) {
    this.#options = options;
    const { halfOpenMs = breakerRestMs } = options;
    this.#breaker = createBreaker(
      handleWhen((error) => error instanceof LanguageModelError),
      halfOpenMs,
    );
    this.#breaker.onBreak(() => {
      this.#restsUntil = performance.now() + halfOpenMs;
    });
  }

  breaker(): BreakerState {
    return stateOf(this.#breaker);
  }

  /** Whether a call has a chance now. While one call probes whether the model is back, others have none. */
  available(): boolean {
    const state = this.breaker();
    return state === 'CLOSED' || (state === 'OPEN' && performance.now() >= this.#restsUntil);
  }

  /** The score of `pair`, or why there is none. Never rejects. */
  score(pair: Pair): Promise<Scored> {
    const known = this.#inFlight.get(pair.key);
    if (known !== undefined) return known;
    const asked = this.#ask(pair).finally(() => {
      this.#inFlight.delete(pair.key);
      this.#outdated.delete(pair.key);
    });
    this.#inFlight.set(pair.key, asked);
    return asked;
  }

  /** Has scores of `keys` that are in flight go to those who wait for them, and not to `onScores`. */
  forget(keys: readonly string[]): void {
    for (const key of keys) if (this.#inFlight.has(key)) this.#outdated.add(key);
  }

  /** One answer for each pair, all the same where the call failed. */
  async #answer(pairs: readonly Pair[]): Promise<Scored[]> {
    try {
      const texts = await this.#options.texts.load(pairs.map(({ id }) => id));
      const places: number[] = [];
      const items: PromptItem[] = [];
      for (const [place, { readers }] of pairs.entries()) {
        const text = texts[place] ?? null;
        if (text === null) continue;
        places.push(place);
        items.push(readers === null ? text : { readers, ...text });
      }
      const answers = pairs.map((): Scored => 'no text');
      if (items.length === 0) return answers;
      const scores = await this.#slots.execute(() => this.#call(items));
      for (const [index, place] of places.entries()) answers[place] = scores[index] ?? 'not in the answer';
      this.#options.onScores(
        pairs.flatMap(({ key }, place) => {
          const value = answers[place];
          return typeof value === 'number' && !this.#outdated.has(key) ? [{ key, value }] : [];
        }),
      );
      return answers;
    } catch (error) {
      const cause = causeOf(error);
      const { name, signal, onFailure } = this.#options;
      if (!consequences.has(cause) && signal?.aborted !== true) onFailure(name, error);
      return pairs.map(() => cause);
    }
  }

  async #call(items: readonly PromptItem[]): Promise<(number | null)[]> {
    // The breaker would have this call wait for the one that probes.
    if (!this.available()) throw new BrokenCircuitError();
    const { name, model, prompt, signal, onBatch } = this.#options;
    return this.#breaker.execute(async () => {
      onBatch(name, items.length);
      const { value } = await model.complete({ ...prompt.of(name, items), signal });
      const scores = readScores(value, items.length);
      return prompt.graded ? believable(scores) : scores;
    });
  }
}

/** What failed was told before, and of these there can be hundreds in a second. */
const consequences: ReadonlySet<NoScore> = new Set(['breaker open', 'too many calls']);

function causeOf(error: unknown): NoScore {
  if (error instanceof BrokenCircuitError) return 'breaker open';
  if (error instanceof BulkheadRejectedError) return 'too many calls';
  if (error instanceof LanguageModelError && error.failure === 'LATE') return 'no answer in time';
  return 'no usable answer';
}
