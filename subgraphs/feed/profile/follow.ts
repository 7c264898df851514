import type { Database } from '#platform/database/database.ts';
import { badUserInput, RequestError } from '#platform/errors/request-error.ts';
import { isId } from '../identifiers.ts';

/**
 * Makes `subject` follow a vendor; a repeat changes nothing.
 * @throws RequestError `NOT_FOUND` for a vendor that the catalogue does not have.
 */
export async function followVendor(database: Database, subject: string, vendorId: string): Promise<void> {
  await requireVendor(database, vendorId);
  await database.prisma.$executeRaw`
    INSERT INTO feed.follow (user_id, vendor_id) VALUES (${subject}, ${vendorId}) ON CONFLICT DO NOTHING`;
}

/**
 * Makes `subject` no longer follow a vendor; a repeat changes nothing.
 * @throws RequestError `NOT_FOUND` for a vendor that the catalogue does not have.
 */
export async function unfollowVendor(database: Database, subject: string, vendorId: string): Promise<void> {
  await requireVendor(database, vendorId);
  await database.prisma.$executeRaw`
    DELETE FROM feed.follow WHERE user_id = ${subject} AND vendor_id = ${vendorId}`;
}

/** Followed vendors looked up at once; a longer list is cut. */
const followedLimit = 100;

/**
 * Returns whom each of `subjects` follows, the latest first and at most 100, in one statement; of whom only `boundVendor`
 * where there is such a bound.
 */
export async function readFollowing(
  database: Database,
  subjects: readonly string[],
  boundVendor: string | null,
): Promise<string[][]> {
  const rows = await database.prisma.$queryRaw<{ subject: string; vendor_ids: string[] }[]>`
    SELECT s.subject, ARRAY(
      SELECT f.vendor_id FROM feed.follow f WHERE f.user_id = s.subject
        AND (${boundVendor}::text IS NULL OR f.vendor_id = ${boundVendor}::text)
      ORDER BY f.followed_at DESC, f.vendor_id LIMIT ${followedLimit}
    ) AS vendor_ids
    FROM unnest(${[...subjects]}::text[]) AS s (subject)`;
  const bySubject = new Map(rows.map((row) => [row.subject, row.vendor_ids]));
  return subjects.map((subject) => bySubject.get(subject) ?? []);
}

/**
 * Whether there is such a vendor is not told.
 * @throws RequestError `FORBIDDEN` for another vendor than the one that the caller's key is bound to.
 */
export function requireWithinBound(boundVendor: string | null, vendorId: string): void {
  if (boundVendor !== null && vendorId !== boundVendor) {
    throw new RequestError('FORBIDDEN', 'It is another vendor than the one that the key is bound to.');
  }
}

async function requireVendor(database: Database, vendorId: string): Promise<void> {
  if (!isId(vendorId))
    throw badUserInput('vendorId must have 1 to 128 characters and no control characters.');
  const vendor = await database.prisma.feedVendor.findUnique({
    where: { id: vendorId },
    select: { id: true },
  });
  if (vendor === null) throw new RequestError('NOT_FOUND', `There is no vendor ${vendorId}.`);
}
