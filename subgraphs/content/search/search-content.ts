import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { Prisma } from '#platform/database/generated/client.ts';
import { badUserInput } from '#platform/errors/request-error.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import { checkFirst, toPage, type ContentPage } from '../catalogue/content-page.ts';
import { contentColumns, type ContentRow } from '../catalogue/content-row.ts';
import { withinBound, type VendorBound } from '../catalogue/vendor-bound.ts';
import { checkFilter, filterConditions, regionCondition } from './content-filter.ts';
import { scoreOf } from './search-score.ts';
import { checkText, isExact, toTsquery, type MatchMode } from './search-query.ts';

export interface SearchRequest {
  readonly text: string;
  readonly filter: unknown;
  readonly first: number;
  readonly after: string | null;
  readonly bound: VendorBound;
}

type ScoredRow = ContentRow & { readonly score: number };

const cursorKind = 'search';
const cursorSchema = z.object({
  for: z.string(),
  mode: z.enum(['all', 'any']),
  score: z.number(),
  id: z.string(),
});

/**
 * Returns a page of the live entries within the bound that match a text, the best first; docs/reference/search.md has the ranking. Entries
 * have all words of the text, or any of them where none has them all and the text neither quotes nor excludes.
 * @throws RequestError `BAD_USER_INPUT` for a text, filter, page size or cursor that is broken, and for a cursor of another
 * text or filter.
 */
export async function searchContent(
  { prisma }: Database,
  cursors: CursorCodec,
  request: SearchRequest,
): Promise<ContentPage> {
  checkFirst(request.first);
  const text = checkText(request.text);
  const filter = checkFilter(request.filter);
  const digest = digestOf([text, filter]);
  const from = request.after === null ? null : cursors.open(cursorKind, request.after, cursorSchema);
  if (from !== null && from.for !== digest) {
    throw badUserInput('The cursor belongs to another text or filter. Start again without `after`.');
  }

  const matching = (mode: MatchMode): Prisma.Sql => Prisma.sql`
    c.deleted_at IS NULL AND c.search @@ ${toTsquery(text, mode)} ${regionCondition(filter)} ${filterConditions(filter)}
    ${withinBound(request.bound)}`;
  const read = (mode: MatchMode): Promise<ScoredRow[]> => prisma.$queryRaw<ScoredRow[]>`
    SELECT ${contentColumns}, best.score
    FROM (
      SELECT id, score
      FROM (
        SELECT c.id, ${scoreOf(text, mode)} AS score
        FROM content.content c
        JOIN content.content_stats s ON s.content_id = c.id
        WHERE ${matching(mode)}
        OFFSET 0
      ) scored
      ${from === null ? Prisma.empty : Prisma.sql`WHERE score < ${from.score}::float8 OR (score = ${from.score}::float8 AND id > ${from.id})`}
      ORDER BY score DESC, id
      LIMIT ${request.first + 1}
    ) best
    JOIN content.content c ON c.id = best.id
    ORDER BY best.score DESC, best.id`;

  let mode = from?.mode ?? 'all';
  let rows = await read(mode);
  if (rows.length === 0 && from === null && !isExact(text)) {
    mode = 'any';
    rows = await read(mode);
  }
  return toPage(
    rows,
    request.first,
    ({ score, id }) => cursors.sign(cursorKind, { for: digest, mode, score, id }),
    async () => {
      const [row] = await prisma.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM content.content c WHERE ${matching(mode)}`;
      return row?.count ?? 0;
    },
  );
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
