import { z } from 'zod';
import type { InteractionType } from '#platform/events/contracts.ts';
import { isId } from '../identifiers.ts';

/** An interaction as a client reports it. */
export interface ReportedInteraction {
  readonly id: string;
  readonly contentId: string;
  readonly type: InteractionType;
  readonly occurredAt: Date;
  readonly feedId: string | null;
  readonly position: number | null;
  readonly dwellMs: number | null;
}

/** Clocks of clients may be this much ahead, in ms. */
const skewMs = 5 * 60_000;

const dayMs = 86_400_000;

const uuid = z.uuid();

/** Returns what is wrong with an interaction, as a sentence for its sender, or null. */
export function checkInteraction(interaction: ReportedInteraction, now: Date): string | null {
  const { id, contentId, occurredAt, feedId, position, dwellMs } = interaction;
  if (!isId(id)) return 'id must have 1 to 128 characters and no control characters.';
  if (!isId(contentId)) return 'contentId must have 1 to 128 characters and no control characters.';
  if (Number.isNaN(occurredAt.getTime()) || occurredAt.getTime() < 0) {
    return 'occurredAt must not be before 1970.';
  }
  if (occurredAt.getTime() > now.getTime() + skewMs) {
    return 'occurredAt must not be more than five minutes in the future.';
  }
  if (feedId !== null && !uuid.safeParse(feedId).success)
    return 'feedId must be the feedId of a ranking, a UUID.';
  if (position !== null && (position < 1 || position > 10_000)) return 'position must be from 1 to 10,000.';
  if (dwellMs !== null && (dwellMs < 0 || dwellMs > dayMs)) return 'dwellMs must be from 0 to 86,400,000.';
  return null;
}
