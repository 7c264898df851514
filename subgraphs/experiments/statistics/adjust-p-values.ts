/**
 * p-values adjusted so that rejecting those at most α errs anywhere in a fraction α of experiments, however the tests depend on
 * one another; in the order given. Source: Holm, A simple sequentially rejective multiple test procedure (1979).
 */
export function adjustByHolm(pValues: readonly number[]): number[] {
  const { ranked, adjusted } = rank(pValues);
  let floor = 0;
  ranked.forEach(({ pValue, position }, index) => {
    floor = Math.max(floor, Math.min(1, pValue * (pValues.length - index)));
    adjusted[position] = floor;
  });
  return adjusted;
}

/**
 * p-values adjusted so that among the tests rejected at α a share of at most α is expected to be false, for tests that are
 * independent or positively dependent; in the order given. Source: Benjamini and Hochberg, Controlling the false discovery
 * rate (1995).
 */
export function adjustByBenjaminiHochberg(pValues: readonly number[]): number[] {
  const { ranked, adjusted } = rank(pValues);
  let ceiling = 1;
  for (const [index, { pValue, position }] of [...ranked.entries()].toReversed()) {
    // A factor of exactly 1 for the greatest, so that no rounding lowers a value below what it was.
    ceiling = Math.min(ceiling, pValue * (pValues.length / (index + 1)));
    adjusted[position] = ceiling;
  }
  return adjusted;
}

function rank(pValues: readonly number[]): {
  readonly ranked: readonly { readonly pValue: number; readonly position: number }[];
  readonly adjusted: number[];
} {
  const ranked = pValues
    .map((pValue, position) => ({ pValue, position }))
    .toSorted((one, other) => one.pValue - other.pValue);
  return { ranked, adjusted: [...pValues] };
}
