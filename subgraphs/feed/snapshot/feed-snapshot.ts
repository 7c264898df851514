import type { CacheStore } from '#platform/cache/cache-store.ts';
import { rankedFirst } from '../exploration/slot-positions.ts';
import type {
  CandidateSource,
  Degradation,
  Explanation,
  ExplorationSlot,
  RankingMode,
  Scoring,
  StageTrace,
} from '../pipeline/component.ts';

/** Items of a feed at most, all pages together. */
export const snapshotSize = 240;

/** A feed stays as it was ranked for this long. */
export const snapshotLifeMs = 5 * 60_000;

/** A degraded feed is offered for this long; its pages can still be read to the end. */
export const degradedLifeMs = 10_000;

export interface RankedItem {
  readonly id: string;
  readonly source: CandidateSource;
  /** 0..1 */
  readonly score: number;
  /** Where an exploration slot chose it; null where its score did. */
  readonly slot: ExplorationSlot | null;
  /** By the parts of the snapshot's `scoring`; without values for an item of an earlier ranking, absent out of the slate log. */
  readonly explanation?: Explanation;
}

/** A ranked feed. Never changed: a page that is served makes a new snapshot under the same id. */
export interface FeedSnapshot {
  readonly feedId: string;
  /** Null where every region was allowed. */
  readonly regions: readonly string[] | null;
  readonly mode: RankingMode;
  /** The user segment that it was ranked for. */
  readonly segment: string;
  readonly degraded: readonly Degradation[];
  /** How `rest`, and what was served of it, was scored. */
  readonly scoring: Scoring | null;
  readonly stages: readonly StageTrace[];
  readonly generatedAt: Date;
  /** What pages have shown: position p is at index p − 1. */
  readonly served: readonly RankedItem[];
  /** What follows, the best first. */
  readonly rest: readonly RankedItem[];
}

/** Where feeds are kept between pages. */
export interface FeedCaches {
  /** By feed id. */
  readonly snapshots: CacheStore<FeedSnapshot>;
  /** The id of the feed that a caller and filter have now. */
  readonly current: CacheStore<string>;
  /** By viewer, the keys that it has in `current`. */
  readonly owned: CacheStore<readonly string[]>;
}

/** ms that `snapshot` has left at `now`; 0 or less when it is over. */
export function remainingLife(snapshot: FeedSnapshot, now: Date): number {
  return snapshot.generatedAt.getTime() + snapshotLifeMs - now.getTime();
}

/** The share of the feed's positions after the third that exploration slots have; 0 for a feed without any. */
export function explorationShare({ served, rest }: Pick<FeedSnapshot, 'served' | 'rest'>): number {
  const later = [...served, ...rest].slice(rankedFirst);
  return later.length === 0 ? 0 : later.filter(({ slot }) => slot !== null).length / later.length;
}
