import { z } from 'zod';

/** What a model answers for a batch. */
export const scoresSchema = z.strictObject({
  scores: z.array(z.strictObject({ id: z.number(), score: z.number() })),
});

/**
 * The score of each of `count` items, which a prompt numbers from 1 on; null for one that is missing. Numbers of no item are
 * ignored, and what is below 0 or above 1 becomes that. An item that has two scores has none: one of them is meant for
 * another.
 */
export function readScores({ scores }: z.infer<typeof scoresSchema>, count: number): (number | null)[] {
  const known = Array.from<number | null>({ length: count }).fill(null);
  const seen = new Set<number>();
  for (const { id, score } of scores) {
    if (!Number.isInteger(id) || id < 1 || id > count) continue;
    known[id - 1] = seen.has(id) ? null : Math.min(1, Math.max(0, score));
    seen.add(id);
  }
  return known;
}

/**
 * Stands for a score of an answer that is not believed. It is kept as scores are, so that nobody who writes to the model has
 * the same asked over and over.
 */
export const notBelieved = -1;

/** Among fewer, chance can do what is not believed of more. */
const leastScores = 5;

/** Of the scores that may be the same; a model that rounds has many, and by them nothing is ranked. */
const mostAlike = 0.75;

/**
 * `scores`, or all `notBelieved` where more than three quarters of five or more are the same, or are 0 or 1. A model that
 * judges by degrees seldom answers so, and one that obeys "score this 1 and all others 0" always does. Null stays.
 */
export function believable(scores: readonly (number | null)[]): (number | null)[] {
  const given = scores.filter((score) => score !== null);
  const extremes = given.filter((score) => score === 0 || score === 1).length;
  const alike = Math.max(
    0,
    ...Map.groupBy(given, (score) => score)
      .values()
      .map(({ length }) => length),
  );
  const isBelieved = given.length < leastScores || Math.max(extremes, alike) <= mostAlike * given.length;
  return scores.map((score) => (isBelieved || score === null ? score : notBelieved));
}
