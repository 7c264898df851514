/** Sets of tags as sorted numbers, which are quick to compare. */
export class TagSets {
  readonly #numbers = new Map<string, number>();

  /** The numbers of `tags`, each once, in ascending order. */
  of(tags: readonly string[]): Int32Array {
    const numbers = new Set(
      tags.map((tag) => {
        const known = this.#numbers.get(tag) ?? this.#numbers.size;
        this.#numbers.set(tag, known);
        return known;
      }),
    );
    return Int32Array.from(numbers).toSorted();
  }

  /** Tags in common over the square root of the product of the sizes, 0..1; 0 for a set without any. */
  static cosine(a: Int32Array, b: Int32Array): number {
    let common = 0;
    let i = 0;
    let j = 0;
    while (i < a.length && j < b.length) {
      const difference = (a[i] ?? 0) - (b[j] ?? 0);
      if (difference === 0) common++;
      if (difference <= 0) i++;
      if (difference >= 0) j++;
    }
    return common === 0 ? 0 : common / Math.sqrt(a.length * b.length);
  }
}
