import type { Database } from '#platform/database/database.ts';
import { badUserInput, RequestError } from '#platform/errors/request-error.ts';
import { isId } from '../identifiers.ts';
import { regionSchema } from '../profile/profile.ts';

/** Stored for picks that count in every region. */
export const everyRegion = '*';

const pickLimit = 100;

/** What the editors put forward in a region, the first first. */
export interface EditorialPicks {
  /** ISO 3166-1 alpha-2; null for every region. */
  readonly region: string | null;
  readonly contentIds: readonly string[];
  /** When they stop counting; null for never. */
  readonly until: Date | null;
}

/**
 * Replaces the picks of a region; none takes them away.
 * @throws RequestError `BAD_USER_INPUT` for a malformed region or id, a repeated id or more than 100; `NOT_FOUND` for an id
 * that the catalogue does not have. Nothing is changed then.
 */
export async function setEditorialPicks(database: Database, picks: EditorialPicks): Promise<void> {
  const region = storedRegion(picks.region);
  const ids = picks.contentIds;
  if (ids.length > pickLimit) throw badUserInput(`contentIds may have at most ${pickLimit} entries.`);
  if (!ids.every((id) => isId(id))) throw badUserInput('contentIds must be ids of 1 to 128 characters.');
  if (new Set(ids).size < ids.length) throw badUserInput('contentIds must be different ones.');
  await database.transaction(async (tx) => {
    const known = await tx.feedContent.findMany({
      where: { id: { in: [...ids] }, removedAt: null },
      select: { id: true },
    });
    const found = new Set(known.map(({ id }) => id));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) throw new RequestError('NOT_FOUND', `There is no content ${missing}.`);
    await tx.feedEditorialPick.deleteMany({ where: { region } });
    await tx.feedEditorialPick.createMany({
      data: ids.map((contentId, index) => ({ region, contentId, position: index + 1, until: picks.until })),
    });
  });
}

/**
 * Returns the ids of a region's own picks that count at `now`, the first first; null asks for those of every region. Where
 * there is a `boundVendor` they are its own alone.
 */
export async function readEditorialPicks(
  database: Database,
  region: string | null,
  { now, boundVendor }: { now: Date; boundVendor: string | null },
): Promise<string[]> {
  const picks = await database.prisma.feedEditorialPick.findMany({
    where: { region: storedRegion(region), OR: [{ until: null }, { until: { gt: now } }] },
    orderBy: { position: 'asc' },
    select: { contentId: true },
  });
  const ids = picks.map(({ contentId }) => contentId);
  if (boundVendor === null) return ids;
  const contents = await database.prisma.feedContent.findMany({
    where: { id: { in: ids }, vendorId: boundVendor },
    select: { id: true },
  });
  const own = new Set(contents.map(({ id }) => id));
  return ids.filter((id) => own.has(id));
}

function storedRegion(region: string | null): string {
  if (region === null) return everyRegion;
  if (regionSchema.safeParse(region).success) return region;
  throw badUserInput('region must be two capital letters, as in ISO 3166-1 alpha-2: US, DE.');
}
