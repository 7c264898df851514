/** Why there is no answer: `code` for programs, `sentence` for people. It takes the place of NaN. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly code: InvalidCode;
  readonly sentence: string;
}

export type InvalidCode =
  | 'ALPHA_OUT_OF_RANGE'
  | 'CONTROL_MEAN_UNCERTAIN'
  | 'CONTROL_MEAN_ZERO'
  | 'COUNT_OUT_OF_RANGE'
  | 'DENOMINATOR_ZERO'
  | 'INCONSISTENT_SUMS'
  | 'NOT_A_NUMBER'
  | 'OVERFLOW'
  | 'PRIOR_OUT_OF_RANGE'
  | 'SUCCESSES_OUT_OF_RANGE'
  | 'TOO_FEW_USERS'
  | 'TUNING_OUT_OF_RANGE'
  | 'ZERO_VARIANCE';

/** An `Invalid` with the code's own sentence. */
export function invalid(code: InvalidCode): Invalid {
  return { kind: 'invalid', code, sentence: sentences[code] };
}

const sentences: Readonly<Record<InvalidCode, string>> = {
  ALPHA_OUT_OF_RANGE: 'alpha must be greater than 0 and less than 1.',
  CONTROL_MEAN_UNCERTAIN:
    'The control mean is too uncertain to divide by: no bounded interval of the relative effect exists. Look at the absolute effect, or wait for more users.',
  CONTROL_MEAN_ZERO: 'The control mean is 0, so there is no relative effect. Look at the absolute effect.',
  COUNT_OUT_OF_RANGE: 'The number of users must be a whole number, 0 or more.',
  DENOMINATOR_ZERO: 'The denominator of the ratio adds up to 0 in an arm.',
  INCONSISTENT_SUMS:
    'The sums cannot come from one sample: a sum of squares is smaller than the square of the sum divided by the number of users, or a sum of products is larger than the squares allow.',
  NOT_A_NUMBER: 'A sum is not a finite number.',
  OVERFLOW: 'The sums are too large or too small to compute with. Use another unit of the metric.',
  PRIOR_OUT_OF_RANGE:
    'The prior is not proper: a normal one needs a finite mean and a positive variance, a Beta one two positive numbers, 0.1 or more together with the data, and a proportion.',
  SUCCESSES_OUT_OF_RANGE: 'The successes of a proportion lie between 0 and the number of users.',
  TOO_FEW_USERS: 'Each arm needs at least 2 users.',
  TUNING_OUT_OF_RANGE: 'sequentialTuning must be a number greater than 0.',
  ZERO_VARIANCE:
    'All users of an arm have the same value, so its error cannot be estimated yet. Wait for more users.',
};
