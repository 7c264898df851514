import type { InteractionType } from '#platform/events/contracts.ts';

/** Interactions that say that somebody wants an item; what item-to-item neighbours are learned from. */
export const positiveTypes: ReadonlySet<InteractionType> = new Set(['LIKE', 'SAVE', 'SHARE', 'INQUIRY']);

/** How much an interaction adds to an item's popularity. */
export const popularityWeights: Readonly<Record<InteractionType, number>> = {
  IMPRESSION: 0,
  VIEW: 1,
  CLICK: 1,
  LIKE: 3,
  SAVE: 4,
  SHARE: 4,
  INQUIRY: 6,
  HIDE: 0,
};

/** An interaction with an item that the catalogue knows. */
export interface StoredInteraction {
  readonly id: string;
  readonly userId: string;
  readonly contentId: string;
  readonly vendorId: string;
  readonly type: InteractionType;
  readonly occurredAt: Date;
}
