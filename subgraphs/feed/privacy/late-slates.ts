import type { Transaction } from '#platform/database/database.ts';
import { hashSubject } from './subject-hash.ts';

interface ServedPage {
  readonly subject: string | null;
  readonly servedAt: Date;
}

/** Clocks of processes may differ by so much, in ms. */
const skewMs = 10_000;

/**
 * Leaves out the pages of `slates` that were served to somebody before they were erased: a page is logged a moment after
 * it is served, by whichever process served it. Hold the subjects' lock.
 */
export async function withoutErased<T extends ServedPage>(
  tx: Transaction,
  slates: readonly T[],
): Promise<readonly T[]> {
  const subjects = [...new Set(slates.flatMap(({ subject }) => subject ?? []))];
  if (subjects.length === 0) return slates;
  const hashes = subjects.map((subject) => hashSubject(subject));
  const rows = await tx.$queryRaw<{ hash: string; erased_at: Date }[]>`
    SELECT subject_hash AS hash, max(requested_at) AS erased_at FROM feed.erasure
    WHERE subject_hash = ANY (${hashes}::text[]) GROUP BY subject_hash`;
  if (rows.length === 0) return slates;
  const erasedAt = new Map(rows.map(({ hash, erased_at }) => [hash, erased_at.getTime()]));
  return slates.filter(({ subject, servedAt }) => {
    const at = subject === null ? undefined : erasedAt.get(hashSubject(subject));
    return at === undefined || servedAt.getTime() > at + skewMs;
  });
}
