import { at } from '../learning/typed-array.ts';
import type { Candidate, ExplorationSlot } from '../pipeline/component.ts';

export interface FeedCaps {
  /** Items of one vendor, and of one category, in each stretch at most, as long as anybody else is left. */
  readonly vendorCap: number;
  readonly categoryCap: number;
  /** Positions in a stretch. */
  readonly stretch: number;
}

/** What is compared of a candidate, as numbers, which is quick. */
interface Coded {
  readonly candidate: Candidate;
  readonly id: number;
  readonly vendor: number;
  readonly category: number;
}

/** A feed that is filled position by position from what was ranked and from extras, each item once, under caps. */
export class GrowingFeed {
  readonly filled: Candidate[] = [];
  readonly #waiting: Coded[];
  readonly #extras: readonly Coded[];
  readonly #caps: FeedCaps;
  readonly #taken: Uint8Array;
  /** Items of the current stretch, by vendor and by category. */
  readonly #ofVendor: Int32Array;
  readonly #ofCategory: Int32Array;

  constructor(ranked: readonly Candidate[], extras: readonly Candidate[], caps: FeedCaps) {
    const [ids, vendors, categories] = [new Numbers(), new Numbers(), new Numbers()];
    const code = (candidate: Candidate): Coded => ({
      candidate,
      id: ids.of(candidate.id),
      vendor: vendors.of(candidate.facts?.vendorId ?? ''),
      category: categories.of(candidate.facts?.category ?? ''),
    });
    this.#waiting = ranked.map(code);
    this.#extras = extras.map(code);
    this.#caps = caps;
    this.#taken = new Uint8Array(ids.size);
    this.#ofVendor = new Int32Array(vendors.size);
    this.#ofCategory = new Int32Array(categories.size);
  }

  /** Whether the feed has extra number `index`. */
  hasExtra(index: number): boolean {
    const extra = this.#extras[index];
    return extra === undefined || this.#taken[extra.id] === 1;
  }

  /** 0 where extra number `index` has room in the stretch, 1 where its vendor alone has, else 2. */
  roomForExtra(index: number): 0 | 1 | 2 {
    const extra = this.#extras[index];
    return extra === undefined ? 2 : this.#room(extra);
  }

  /** Adds extra number `index`, for what it did to get `slot`. */
  addExtra(index: number, slot: ExplorationSlot): void {
    const extra = this.#extras[index];
    if (extra !== undefined) this.#add(extra, { ...extra.candidate, source: 'EXPLORATION', slot });
  }

  /** Adds the next ranked item that has room; where nobody has, the cap of categories gives way, then that of vendors. */
  addRanked(): void {
    let best = -1;
    let bestRoom = 3;
    for (let index = 0; index < this.#waiting.length && bestRoom > 0; index++) {
      const item = this.#waiting[index];
      if (item === undefined || this.#taken[item.id] === 1) continue;
      const room = this.#room(item);
      if (room < bestRoom) [best, bestRoom] = [index, room];
    }
    const [next] = best < 0 ? [] : this.#waiting.splice(best, 1);
    if (next === undefined) throw new Error('Every position of the feed has a ranked item.');
    this.#add(next, next.candidate);
  }

  /** 0 where vendor and category have room in the stretch, 1 where the vendor alone has, else 2. */
  #room({ vendor, category }: Coded): 0 | 1 | 2 {
    if (at(this.#ofVendor, vendor) >= this.#caps.vendorCap) return 2;
    return at(this.#ofCategory, category) >= this.#caps.categoryCap ? 1 : 0;
  }

  #add({ id, vendor, category }: Coded, candidate: Candidate): void {
    this.filled.push(candidate);
    this.#taken[id] = 1;
    if (this.filled.length % this.#caps.stretch === 0) {
      this.#ofVendor.fill(0);
      this.#ofCategory.fill(0);
      return;
    }
    this.#ofVendor[vendor] = at(this.#ofVendor, vendor) + 1;
    this.#ofCategory[category] = at(this.#ofCategory, category) + 1;
  }
}

/** Numbers texts from 0 on. */
class Numbers {
  readonly #known = new Map<string, number>();

  get size(): number {
    return this.#known.size;
  }

  of(text: string): number {
    const number = this.#known.get(text) ?? this.#known.size;
    this.#known.set(text, number);
    return number;
  }
}
