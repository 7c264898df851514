import { at } from '../learning/typed-array.ts';
import type { Candidate } from '../pipeline/component.ts';
import type { Uniform } from './beta.ts';
import { GrowingFeed, type FeedCaps } from './growing-feed.ts';
import { isSlot } from './slot-positions.ts';

/** A candidate that a slot may choose, with draws from its posterior, as many as every arm has. */
export interface SlotArm {
  readonly candidate: Candidate;
  readonly draws: Float32Array;
}

export interface SlotRules extends FeedCaps {
  /** Share of the positions after the third that are slots, 0..1. */
  readonly share: number;
  /** Positions that the feed has shown before. */
  readonly shown: number;
  /** Names what the posteriors are of; logged with the propensities. */
  readonly policy: string;
}

/**
 * Thompson sampling in the slots of a feed: at each slot one row of the arms' draws is chosen at random, and the arm that is
 * best in it, of those that the feed does not have yet and whose vendor and category have room in the stretch, gets the
 * slot; where no category has room, the vendor's is enough. What was ranked keeps its order around the slots, under the same caps; the feed stays as long as `ranked`.
 *
 * As a row is chosen among finitely many, the propensity of an arm is the share of rows in which it is best: exact for
 * this policy given the ranked list and the slots before, not an estimate. The rows are a Monte Carlo sample of the
 * posterior, so the policy is Thompson sampling up to their number, which is logged.
 */
export function fillSlots(
  ranked: readonly Candidate[],
  arms: readonly SlotArm[],
  rules: SlotRules,
  uniform: Uniform,
): Candidate[] {
  const feed = new GrowingFeed(
    ranked,
    arms.map(({ candidate }) => candidate),
    rules,
  );
  const choice = new RowChoice(arms, feed);
  while (feed.filled.length < ranked.length) {
    const position = rules.shown + feed.filled.length + 1;
    const chosen = isSlot(position, rules.share) ? choice.choose(uniform) : null;
    if (chosen === null) feed.addRanked();
    else feed.addExtra(chosen.arm, { ...chosen.slot, policy: rules.policy });
  }
  return feed.filled;
}

/** Chooses arms by rows of draws. */
class RowChoice {
  readonly #feed: GrowingFeed;
  readonly #arms: number;
  readonly #rows: number;
  /** The arms' draws row by row. */
  readonly #values: Float32Array;
  /** For each row the best arm of those that the feed does not have; -1 where it is to be looked for. */
  readonly #best: Int32Array;
  /** Arms that can get a slot: those left, and of these the ones that have room. */
  readonly #left: Uint8Array;
  readonly #open: Uint8Array;

  constructor(arms: readonly SlotArm[], feed: GrowingFeed) {
    this.#feed = feed;
    this.#arms = arms.length;
    this.#rows = arms[0]?.draws.length ?? 0;
    this.#values = new Float32Array(this.#rows * arms.length);
    for (const [arm, { draws }] of arms.entries()) {
      for (let row = 0; row < this.#rows; row++) this.#values[row * arms.length + arm] = at(draws, row);
    }
    this.#best = new Int32Array(this.#rows).fill(-1);
    this.#left = new Uint8Array(arms.length);
    this.#open = new Uint8Array(arms.length);
  }

  /** The arm of a random row, with how probable it was; null where none is left that has room. */
  choose(uniform: Uniform) {
    const arms = this.#openArms(0) || this.#openArms(1);
    if (arms === 0) return null;
    const chosenRow = Math.floor(uniform() * this.#rows);
    const chosen = this.#winnerOf(chosenRow);
    let wins = 0;
    for (let row = 0; row < this.#rows; row++) if (this.#winnerOf(row) === chosen) wins++;
    return { arm: chosen, slot: { propensity: wins / this.#rows, samples: this.#rows, arms } };
  }

  /** Opens the arms that are left and have so much room, or more; returns how many. */
  #openArms(room: 0 | 1): number {
    let arms = 0;
    for (let arm = 0; arm < this.#arms; arm++) {
      this.#left[arm] = this.#feed.hasExtra(arm) ? 0 : 1;
      this.#open[arm] = this.#left[arm] === 1 && this.#feed.roomForExtra(arm) <= room ? 1 : 0;
      arms += this.#open[arm] ?? 0;
    }
    return arms;
  }

  #winnerOf(row: number): number {
    let best = at(this.#best, row);
    if (best < 0 || this.#left[best] !== 1) {
      best = this.#bestOf(row, this.#left);
      this.#best[row] = best;
    }
    // Who has no room in this stretch may have it in the next, so that is not kept.
    return this.#open[best] === 1 ? best : this.#bestOf(row, this.#open);
  }

  #bestOf(row: number, among: Uint8Array): number {
    const start = row * this.#arms;
    let best = -1;
    let bestValue = -1;
    for (let arm = 0; arm < this.#arms; arm++) {
      if (among[arm] !== 1) continue;
      const value = at(this.#values, start + arm);
      if (value > bestValue) [best, bestValue] = [arm, value];
    }
    return best;
  }
}
