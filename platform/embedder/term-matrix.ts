import { tokenise } from './tokenise.ts';

/** Texts by terms, sparse: the weights of text t are `values[offsets[t]] … values[offsets[t + 1] − 1]`. */
export interface TermMatrix {
  /** In alphabetical order; column c belongs to `terms[c]`. */
  readonly terms: readonly string[];
  /** ln(texts / texts with the term). */
  readonly rarity: Float64Array;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  /** (1 + ln count) · rarity (Salton and Buckley 1988), each text scaled to length 1. */
  readonly values: Float32Array;
}

/** Reads texts one by one and keeps how often each term comes in each. */
export class TermCounter {
  readonly #numbers = new Map<string, number>();
  /** Of term number n, in how many texts it is. */
  readonly #frequencies: number[] = [];
  readonly #ends: number[] = [0];
  /** Term number and count, in turn, of text after text. */
  #counts = new Int32Array(1 << 16);

  get texts(): number {
    return this.#ends.length - 1;
  }

  add(text: string): void {
    const counts = termCounts(text);
    let end = this.#ends.at(-1) ?? 0;
    if (end + 2 * counts.size > this.#counts.length) {
      const larger = new Int32Array(2 * (this.#counts.length + counts.size));
      larger.set(this.#counts);
      this.#counts = larger;
    }
    for (const [term, count] of counts) {
      const number = this.#numbers.get(term) ?? this.#numbers.size;
      if (number === this.#numbers.size) this.#numbers.set(term, number);
      this.#frequencies[number] = (this.#frequencies[number] ?? 0) + 1;
      this.#counts[end++] = number;
      this.#counts[end++] = count;
    }
    this.#ends.push(end);
  }

  /**
   * The matrix over the terms that are in at least `fewestTexts` texts but not in all, which say nothing; of more
   * than `mostTerms` the most frequent.
   */
  matrix({ fewestTexts, mostTerms }: { fewestTexts: number; mostTerms: number }): TermMatrix {
    const { texts } = this;
    const chosen = Array.from(this.#numbers, ([term, number]) => {
      return { term, number, frequency: this.#frequencies[number] ?? 0 };
    })
      .filter(({ frequency }) => frequency >= fewestTexts && frequency < texts)
      .toSorted((a, b) => b.frequency - a.frequency || byCodeUnits(a.term, b.term))
      .slice(0, mostTerms)
      .toSorted((a, b) => byCodeUnits(a.term, b.term));
    const rarity = Float64Array.from(chosen, ({ frequency }) => Math.log(texts / frequency));
    const columnOf = new Int32Array(this.#numbers.size).fill(-1);
    for (const [column, { number }] of chosen.entries()) columnOf[number] = column;
    return { terms: chosen.map(({ term }) => term), rarity, ...this.#weigh(rarity, columnOf) };
  }

  #weigh(
    rarity: Float64Array,
    columnOf: Int32Array,
  ): { offsets: Int32Array; columns: Int32Array; values: Float32Array } {
    const most = (this.#ends.at(-1) ?? 0) / 2;
    const offsets = new Int32Array(this.texts + 1);
    const columns = new Int32Array(most);
    const values = new Float32Array(most);
    let filled = 0;
    for (let text = 0; text < this.texts; text++) {
      const start = filled;
      let squares = 0;
      for (let at = this.#ends[text] ?? 0; at < (this.#ends[text + 1] ?? 0); at += 2) {
        const column = columnOf[this.#counts[at] ?? 0] ?? -1;
        if (column < 0) continue;
        const value = damped(this.#counts[at + 1] ?? 1) * (rarity[column] ?? 0);
        squares += value * value;
        columns[filled] = column;
        values[filled++] = value;
      }
      for (let at = start; at < filled; at++) values[at] = (values[at] ?? 0) / Math.sqrt(squares);
      offsets[text + 1] = filled;
    }
    return { offsets, columns: columns.subarray(0, filled), values: values.subarray(0, filled) };
  }
}

/** How often each term comes in `text`. */
export function termCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of tokenise(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** What a count weighs: a tenth mention says less than the first. */
export function damped(count: number): number {
  return 1 + Math.log(count);
}

/** The same order in every locale. */
function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
