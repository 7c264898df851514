import { z } from 'zod';
import { parseInput } from '../parse-input.ts';
import { adjustByBenjaminiHochberg, adjustByHolm } from '../statistics/adjust-p-values.ts';
import { from } from './bounds.ts';

/**
 * The p-values corrected by `method`, in the order given.
 * @throws RequestError `BAD_USER_INPUT` for one outside of 0 to 1, and for more than 1,000.
 */
export function adjustPValues(pValues: readonly number[], method: 'HOLM' | 'BENJAMINI_HOCHBERG'): number[] {
  const checked = parseInput('pValues', pValuesSchema, pValues);
  return method === 'HOLM' ? adjustByHolm(checked) : adjustByBenjaminiHochberg(checked);
}

const pValuesSchema = z.array(from(0, 1)).max(1_000, 'must be at most 1,000');
