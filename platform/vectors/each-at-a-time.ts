/** Runs `work` on each value, at most `count` at a time; returns the results in order, or throws the first error. */
export async function eachAtATime<T, R>(
  values: readonly T[],
  count: number,
  work: (value: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = values.entries();
  const worker = async (): Promise<void> => {
    for (const [index, value] of waiting) results[index] = await work(value);
  };
  await Promise.all(Array.from({ length: Math.min(count, values.length) }, worker));
  return results;
}
