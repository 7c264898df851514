import type { FeedPage, ServedItem } from '../snapshot/feed-reader.ts';
import type { FeedSnapshot } from '../snapshot/feed-snapshot.ts';

/** A user whom the caller may see. */
export interface UserParent {
  readonly id: string;
}

export interface FeedConnectionParent extends FeedPage {
  /** What reading the page took, in ms. */
  readonly latencyMs: number;
}

export interface FeedItemParent {
  readonly item: ServedItem;
  /** The feed that it is of. */
  readonly feed: FeedConnectionParent;
}

export type FeedEdgeParent = FeedItemParent;

export type ReasonParent = FeedItemParent;

export interface RankingParent {
  readonly snapshot: FeedSnapshot;
  readonly latencyMs: number;
}
