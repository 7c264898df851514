import type { AgentVerdict, ScoringAgent, ScoringBatch } from '../scoring-agent.ts';

/** Candidates that a model is asked about: the pool from which the first pages of a feed are chosen, or nearly. */
const defaultSize = 100;

/**
 * The candidates that are worth a model's time: those that local agents put first, by the weighted sum of their
 * scores. One list for all agents, so that an item has all of its scores from the model or none.
 */
export class Shortlist {
  readonly #locals: ScoringAgent[] = [];
  readonly #size: number;
  readonly #known = new WeakMap<ScoringBatch['candidates'], Promise<Uint8Array>>();

  constructor(size = defaultSize) {
    this.#size = size;
  }

  add(local: ScoringAgent): void {
    this.#locals.push(local);
  }

  /** 1 for each candidate on the list. Made once for all who ask about the same candidates. */
  of(batch: ScoringBatch): Promise<Uint8Array> {
    const known = this.#known.get(batch.candidates) ?? this.#choose(batch);
    this.#known.set(batch.candidates, known);
    return known;
  }

  async #choose(batch: ScoringBatch): Promise<Uint8Array> {
    const count = batch.candidates.length;
    if (count <= this.#size) return new Uint8Array(count).fill(1);
    const sums = new Float64Array(count);
    for (const local of this.#locals) {
      const verdict = await scored(local, batch);
      if (verdict !== null) addScores(sums, verdict, local.weight);
    }
    const order = Array.from(sums.keys()).toSorted((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b);
    const chosen = new Uint8Array(count);
    for (const place of order.slice(0, this.#size)) chosen[place] = 1;
    return chosen;
  }
}

/** An agent that fails says nothing here; the panel hears of it where it asks. */
async function scored(local: ScoringAgent, batch: ScoringBatch): Promise<AgentVerdict | null> {
  try {
    return await local.score(batch);
  } catch {
    return null;
  }
}

/** A candidate of which an agent has nothing to say gets nothing from it. */
function addScores(sums: Float64Array, { scores }: AgentVerdict, weight: number): void {
  for (const [place, score] of scores.entries()) {
    if (!Number.isNaN(score)) sums[place] = (sums[place] ?? 0) + weight * score;
  }
}
