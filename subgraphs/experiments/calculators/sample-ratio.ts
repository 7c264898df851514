import { z } from 'zod';
import { badUserInput } from '#platform/errors/request-error.ts';
import { parseInput } from '../parse-input.ts';
import { testSampleRatio } from '../statistics/sample-ratio.ts';
import { wholeFrom } from './bounds.ts';

/**
 * Whether the users `observed` are split over the variants by `weights`.
 * @throws RequestError `BAD_USER_INPUT` that says why they cannot be tested.
 */
export function sampleRatio(
  observed: readonly number[],
  weights: readonly number[],
): { readonly pValue: number; readonly mismatch: boolean } {
  const result = testSampleRatio(
    parseInput('observed', observedSchema, observed),
    parseInput('weights', weightsSchema, weights),
  );
  if (result.kind === 'invalid') throw badUserInput(result.reason);
  return result;
}

const fewEnough = 'must be at most 100';
const observedSchema = z.array(wholeFrom(0, 2 ** 31 - 1)).max(100, fewEnough);
const weightsSchema = z.array(z.number('must be a number').gt(0, 'must be above 0')).max(100, fewEnough);
