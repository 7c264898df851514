import { z } from 'zod';

/** A probability that is neither 0 nor 1; far below the least accepted one the quantiles leave what a double holds. */
export const probability = openProbability();

/** A number from `low` to `high`. */
export function from(low: number, high: number): z.ZodNumber {
  const message = `must be from ${low.toLocaleString('en')} to ${high.toLocaleString('en')}`;
  return z.number(message).min(low, message).max(high, message);
}

/** A whole number from `low` to `high`. */
export function wholeFrom(low: number, high: number): z.ZodInt {
  const message = `must be a whole number from ${low.toLocaleString('en')} to ${high.toLocaleString('en')}`;
  return z.int(message).min(low, message).max(high, message);
}

function openProbability(): z.ZodNumber {
  const message = 'must be 0.000000001 or more and below 1';
  return z.number(message).min(1e-9, message).lt(1, message);
}
