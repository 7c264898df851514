import type { Database, Transaction } from '#platform/database/database.ts';
import { badUserInput } from '#platform/errors/request-error.ts';
import { dayMs, type Span } from './window.ts';

/** One answer of a user counts in so many milliseconds. */
export const periodMs = 90 * dayMs;

/**
 * Stores `subject`'s answer, in place of an earlier one of the same 90 days; these begin with the first answer.
 * @throws RequestError `BAD_USER_INPUT` for a score outside 0 to 10 or a comment over 2,000 characters.
 */
export async function submitNps(
  database: Database,
  subject: string,
  answer: { readonly score: number; readonly comment: string | null },
  now = new Date(),
): Promise<void> {
  const { score } = answer;
  const comment = answer.comment?.trim() ?? '';
  if (!Number.isInteger(score) || score < 0 || score > 10) throw badUserInput('score must be 0 to 10.');
  if (comment.length > 2_000) throw badUserInput('comment must have at most 2,000 characters.');
  const data = { score, comment: comment === '' ? null : comment, answeredAt: now };
  await database.transaction(async (tx) => {
    await lockNps(tx, subject);
    const current = await tx.npsResponse.findFirst({
      where: { userId: subject, periodStartedAt: { gt: new Date(now.getTime() - periodMs) } },
      orderBy: { periodStartedAt: 'desc' },
    });
    const periodStartedAt = current?.periodStartedAt ?? now;
    await tx.npsResponse.upsert({
      where: { userId_periodStartedAt: { userId: subject, periodStartedAt } },
      create: { userId: subject, periodStartedAt, ...data },
      update: data,
    });
  });
}

/** Lets one writer at a time change `subject`'s answers. */
export async function lockNps(tx: Transaction, subject: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`metrics.nps:${subject}`}, 0))`;
}

/** Net promoter score, -100 to 100, of the answers given in `span`; null without any. */
export async function measureNps(
  { prisma }: Database,
  { from, to }: Span,
): Promise<{ score: number | null; responses: number }> {
  const [row] = await prisma.$queryRaw<{ responses: number; promoters: number; detractors: number }[]>`
    SELECT count(*)::int AS responses,
      (count(*) FILTER (WHERE score >= 9))::int AS promoters,
      (count(*) FILTER (WHERE score <= 6))::int AS detractors
    FROM metrics.nps_response
    WHERE answered_at >= ${from}::timestamptz AND answered_at <= ${to}::timestamptz`;
  if (row === undefined || row.responses === 0) return { score: null, responses: 0 };
  return { score: (100 * (row.promoters - row.detractors)) / row.responses, responses: row.responses };
}
