import type { Transaction } from '#platform/database/database.ts';

/**
 * Keeps those who write down what subjects did, who share the lock, apart from those who erase or move it. Take it before
 * the transaction writes anything: then whatever was recorded before an erasure also comes before it in the order of
 * events, which is that of the transactions' first writes, and nothing can slip in between.
 */
export async function lockSubjects(
  tx: Transaction,
  mode: 'shared' | 'exclusive',
  subjects: readonly string[],
): Promise<void> {
  // In one order everywhere, so that two who lock several do not wait for each other.
  if (mode === 'shared') {
    await tx.$executeRaw`
      SELECT pg_advisory_xact_lock_shared(key) FROM (
        SELECT DISTINCT hashtextextended('feed.subject:' || subject, 0) AS key
        FROM unnest(${[...subjects]}::text[]) AS s (subject) ORDER BY key
      ) keys`;
  } else {
    await tx.$executeRaw`
      SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended('feed.subject:' || subject, 0) AS key
        FROM unnest(${[...subjects]}::text[]) AS s (subject) ORDER BY key
      ) keys`;
  }
}
