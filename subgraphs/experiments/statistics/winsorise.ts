/** A cap at the value's either end; absent means none. */
export interface Caps {
  readonly lower?: number;
  readonly upper?: number;
}

/**
 * The value, or the cap it lies beyond. Caps are of a user's total, and the same in all arms: quantiles of the totals of
 * all arms together, because a cap of each arm's own would hide a difference in their tails.
 */
export function winsorise(value: number, { lower, upper }: Caps): number {
  const raised = lower === undefined ? value : Math.max(lower, value);
  return upper === undefined ? raised : Math.min(upper, raised);
}
