import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import { isId } from '../identifiers.ts';
import type { SlateLog } from '../side-effects/slate-log.ts';
import { exportSections, readProfileRow, type SectionName } from './export-sections.ts';

/** A part of what the feed keeps of somebody. */
export interface UserExport {
  readonly userId: string;
  readonly generatedAt: Date;
  /** docs/reference/privacy.md describes the document. */
  readonly json: string;
}

export interface ExportParts {
  readonly database: Database;
  readonly cursors: CursorCodec;
  readonly slateLog: Pick<SlateLog, 'flush'>;
  readonly clock: () => Date;
  /** Rows of a part at most; a slate counts as ten. */
  readonly partSize: number;
}

const cursorSchema = z.object({
  userId: z.string(),
  section: z.enum(['follows', 'interactions', 'slates']),
  /** Key of the last row that the former part has; empty before the first. */
  key: z.array(z.string()),
});

type ExportCursor = z.infer<typeof cursorSchema>;

/**
 * Returns what the feed keeps of `userId`, or null where that is nothing. More than `partSize` rows come in several parts,
 * so that no more is ever held in memory: the document's `next` is the `after` of the part that follows.
 * @throws RequestError `BAD_USER_INPUT` for an `after` that is not of this user's export.
 */
export async function exportUser(
  { database, cursors, slateLog, clock, partSize }: ExportParts,
  userId: string,
  after: string | null,
): Promise<UserExport | null> {
  if (!isId(userId)) return null;
  const from = after === null ? null : openCursor(cursors, userId, after);
  await slateLog.flush();
  const profile = from === null ? await readProfileRow(database, userId) : null;
  const { sections, next } = await readPart(database, userId, from, partSize);
  const isEmpty = profile === null && Object.values(sections).every((rows) => rows.length === 0);
  if (isEmpty) return null;
  const generatedAt = clock();
  const document = {
    format: 'bouquet.feed.user-export/1',
    userId,
    generatedAt,
    ...(from === null && { profile }),
    ...sections,
    next: next === null ? null : cursors.sign('user-export', { userId, ...next }),
  };
  return { userId, generatedAt, json: JSON.stringify(document) };
}

function openCursor(cursors: CursorCodec, userId: string, token: string): ExportCursor {
  const ofUser = cursorSchema.extend({ userId: z.literal(userId) });
  return cursors.open('user-export', token, ofUser);
}

interface Part {
  readonly sections: Partial<Record<SectionName, unknown[]>>;
  readonly next: Omit<ExportCursor, 'userId'> | null;
}

/** Fills a part with section after section until there is no room left. */
async function readPart(
  database: Database,
  userId: string,
  from: ExportCursor | null,
  partSize: number,
): Promise<Part> {
  const sections: Part['sections'] = {};
  let room = partSize;
  let isBefore = from !== null;
  for (const { name, weight, read } of exportSections) {
    if (name === from?.section) isBefore = false;
    if (isBefore) continue;
    const key = name === from?.section ? from.key : [];
    const limit = Math.floor(room / weight);
    // One more than there is room for tells whether a part follows.
    const rows = await read(database, userId, key, limit + 1);
    const taken = rows.slice(0, limit);
    sections[name] = taken.map(({ value }) => value);
    room -= taken.length * weight;
    if (rows.length > limit)
      return { sections, next: { section: name, key: [...(taken.at(-1)?.key ?? key)] } };
  }
  return { sections, next: null };
}
