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
