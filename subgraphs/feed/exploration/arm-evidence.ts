/** An item as exploration knows it. */
export interface ArmItem {
  readonly id: string;
  readonly vendorId: string;
  readonly category: string;
}

/** Impressions and how many of them were rewarded; no whole numbers once something was forgotten. */
export interface Counts {
  readonly trials: number;
  readonly successes: number;
}

/** What was seen of an item, in all segments together and in each. */
export interface ItemEvidence extends Counts {
  readonly item: ArmItem;
  readonly segments: ReadonlyMap<string, Counts>;
}

interface Tally {
  trials: number;
  successes: number;
}

/** Impressions and rewards by item and user segment, in memory. */
export class ArmEvidence {
  readonly #items = new Map<string, Tally & { item: ArmItem; segments: Map<string, Tally> }>();

  /** Adds impressions of `item` to people of `segment`, and those that were rewarded. */
  add(segment: string, item: ArmItem, { trials, successes }: Counts): void {
    let known = this.#items.get(item.id);
    if (known === undefined) {
      known = { item, trials: 0, successes: 0, segments: new Map<string, Tally>() };
      this.#items.set(item.id, known);
    }
    let own = known.segments.get(segment);
    if (own === undefined) {
      own = { trials: 0, successes: 0 };
      known.segments.set(segment, own);
    }
    for (const tally of [known, own]) {
      tally.trials += trials;
      tally.successes += successes;
    }
  }

  /** Exponential forgetting: leaves `share`, 0..1, of everything that was seen. */
  forget(share: number): void {
    for (const known of this.#items.values()) {
      for (const tally of [known, ...known.segments.values()]) {
        tally.trials *= share;
        tally.successes *= share;
      }
    }
  }

  /** What was seen of an item; undefined for nothing. */
  of(id: string): ItemEvidence | undefined {
    return this.#items.get(id);
  }

  all(): Iterable<ItemEvidence> {
    return this.#items.values();
  }
}
