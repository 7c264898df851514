import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badUserInput } from '#platform/errors/request-error.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import type { RequestFilter } from '../pipeline/component.ts';

/** A page of a feed, as it is asked for; checked already. */
export interface FeedRequest {
  /** Who asks; null for a caller without any id. */
  readonly viewer: string | null;
  /** Whose feed it is. */
  readonly subject: string | null;
  /** The regions that the feed must keep to, null for all. */
  readonly regions: readonly string[] | null;
  readonly filter: RequestFilter;
  /** 1..100 */
  readonly first: number;
  readonly after: string | null;
  /** Ties together what is logged of one client request. */
  readonly traceId: string;
}

const cursorSchema = z.object({ feedId: z.uuid(), position: z.number().int().min(1), binding: z.string() });

type FeedCursor = z.infer<typeof cursorSchema>;

/** A hash of caller and filter, to which a feed's cursors are bound. */
export function bindingOf({ viewer, subject, filter }: FeedRequest): string {
  const canonical = [
    viewer,
    subject,
    filter.categories.toSorted(),
    filter.regions.toSorted(),
    filter.tags.toSorted(),
    filter.vendorIds?.toSorted() ?? null,
    filter.minQuality,
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('base64url').slice(0, 22);
}

/** Returns the cursor of the edge at `position` of feed `feedId`. */
export function signCursor(cursors: CursorCodec, cursor: FeedCursor): string {
  return cursors.sign('feed', cursor);
}

/**
 * Returns where the page after `token` begins.
 * @throws RequestError `BAD_USER_INPUT` for a broken cursor, and for another caller's or filter's.
 */
export function openCursor(cursors: CursorCodec, token: string, binding: string): FeedCursor {
  const cursor = cursors.open('feed', token, cursorSchema);
  if (cursor.binding !== binding) {
    throw badUserInput('The cursor belongs to another caller or filter. Start again without `after`.');
  }
  return cursor;
}
