/**
 * Names the components of one operation's answer, such as `FeedPage.FeedItem`: after the operation, so that another document
 * never changes a name, and the point keeps them apart from the schema's own names.
 */
export class ComponentNames {
  readonly #operation: string;
  readonly #bySignature = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(operation: string) {
    this.#operation = operation;
  }

  /**
   * Returns the name of what has `signature`: `base` for the first one, for another of that base as many keys of its `path`
   * before it as tell them apart.
   */
  nameOf(signature: string, base: string, path: readonly string[]): string {
    const known = this.#bySignature.get(signature);
    if (known !== undefined) return known;
    const prefixes = path.map((_, index) =>
      path
        .slice(path.length - 1 - index)
        .map(capitalised)
        .join(''),
    );
    const longer = prefixes.map((prefix) => (prefix.endsWith(base) ? prefix : `${prefix}${base}`));
    const free = [base, ...longer].find((name) => !this.#taken.has(name)) ?? `${base}${this.#taken.size + 1}`;
    this.#taken.add(free);
    const name = `${this.#operation}.${free}`;
    this.#bySignature.set(signature, name);
    return name;
  }
}

function capitalised(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}
