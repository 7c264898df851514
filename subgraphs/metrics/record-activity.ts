import type { Transaction } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { mergeSessions } from './merge-sessions.ts';
import {
  lockActivity,
  storeActivity,
  storeSessions,
  storeVendors,
  type ActivityPoint,
} from './activity-store.ts';

export interface RecordedInteraction {
  readonly userId: string;
  readonly contentId: string;
  readonly vendorId: string;
  readonly type: InteractionType;
  readonly occurredAt: Date;
}

/**
 * Adds interactions, in any order, to the figures of `businessMetrics`. Each interaction must come once: counts add
 * up. Made for bulk: a handful of statements for any number of rows.
 */
export async function recordActivity(tx: Transaction, rows: readonly RecordedInteraction[]): Promise<void> {
  if (rows.length === 0) return;
  await recordPoints(
    tx,
    rows.map(({ userId, type, occurredAt }) => ({
      userId,
      at: occurredAt,
      impressions: type === 'IMPRESSION' ? 1 : 0,
      saves: type === 'SAVE' ? 1 : 0,
    })),
  );
  await storeVendors(
    tx,
    rows
      .filter(({ type }) => turnsToVendor[type])
      .map(({ userId, vendorId, occurredAt }) => ({ userId, vendorId, at: occurredAt })),
  );
}

/** Adds pages of the feed that were served to a user: they are activity, but no interaction. */
export async function recordPages(
  tx: Transaction,
  pages: readonly { readonly userId: string; readonly servedAt: Date }[],
): Promise<void> {
  if (pages.length === 0) return;
  await recordPoints(
    tx,
    pages.map(({ userId, servedAt }) => ({ userId, at: servedAt, impressions: 0, saves: 0 })),
  );
}

/** To be shown an entry, or to hide it, is not to discover its vendor. */
const turnsToVendor: Record<InteractionType, boolean> = {
  IMPRESSION: false,
  VIEW: true,
  CLICK: true,
  LIKE: true,
  SAVE: true,
  SHARE: true,
  INQUIRY: true,
  HIDE: false,
};

async function recordPoints(tx: Transaction, points: readonly ActivityPoint[]): Promise<void> {
  await lockActivity(tx);
  await storeActivity(tx, points);
  await storeSessions(
    tx,
    mergeSessions(points.map(({ userId, at }) => ({ userId, startedAt: at, endedAt: at }))),
  );
}
