/**
 * A simulated marketplace in which policies are compared, because nobody can show a real visitor two slates at once. What
 * is measured in one is a simulation and is called one. Rounds are numbered from 0; in each somebody of a user segment
 * comes, is shown one arm in one exploration slot, and saves it or does not.
 */
export interface World {
  readonly name: 'additive' | 'bilinear' | 'drifting';
  readonly segments: number;
  /** The items that may be shown; index is the arm. */
  readonly arms: readonly Arm[];
  /** Who comes in `round`; the same whatever was shown before. */
  visitor(round: number): Visitor;
  /** The probability, 0..1, that `visitor` saves `arm` in `round`; what a policy must not know. */
  reward(round: number, visitor: Visitor, arm: number): number;
}

export interface Arm {
  readonly id: string;
  readonly category: string;
  readonly vendorId: string;
}

export interface Visitor {
  /** What a policy knows of the visitor. */
  readonly segment: number;
  /** What it does not: where the visitor's taste lies; empty in worlds where a segment is of one taste. */
  readonly taste: Float64Array;
}

/** How large a world is. These sizes were set before any policy was run in one. */
export interface WorldSize {
  readonly segments: number;
  readonly arms: number;
  readonly categories: number;
  readonly vendors: number;
}

export const usualSize: WorldSize = { segments: 4, arms: 40, categories: 5, vendors: 10 };

/** σ(x) = 1 ÷ (1 + e^−x) */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
