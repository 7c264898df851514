import type { Database } from '#platform/database/database.ts';

/**
 * Returns what is counted of `userId` as a JSON document, which docs/reference/privacy.md describes, or null where that is
 * nothing. Its size is bounded by time: a year has 35,040 quarters of an hour, about 3 MB.
 */
export async function exportActivity({ prisma }: Database, userId: string): Promise<string | null> {
  const where = { userId };
  const [first, activity, sessions, vendors, npsAnswers] = await Promise.all([
    prisma.userFirstActivity.findUnique({ where, select: { quarter: true } }),
    prisma.userActivity.findMany({
      where,
      select: { quarter: true, impressions: true, saves: true },
      orderBy: { quarter: 'asc' },
    }),
    prisma.userSession.findMany({
      where,
      select: { startedAt: true, endedAt: true },
      orderBy: { endedAt: 'asc' },
    }),
    prisma.userVendor.findMany({
      where,
      select: { vendorId: true, firstAt: true },
      orderBy: { vendorId: 'asc' },
    }),
    prisma.npsResponse.findMany({
      where,
      select: { periodStartedAt: true, answeredAt: true, score: true, comment: true },
      orderBy: { periodStartedAt: 'asc' },
    }),
  ]);
  const isEmpty =
    first === null && [activity, sessions, vendors, npsAnswers].every((rows) => rows.length === 0);
  if (isEmpty) return null;
  return JSON.stringify({
    format: 'bouquet.metrics.user-export/1',
    userId,
    firstActivity: first?.quarter ?? null,
    activity,
    sessions,
    vendors,
    npsAnswers,
  });
}
