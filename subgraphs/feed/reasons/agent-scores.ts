import type { Scoring } from '../pipeline/component.ts';
import type { RankedItem } from '../snapshot/feed-snapshot.ts';
import { sharesOf } from './contributions.ts';

/** What one agent gave one item. */
export interface AgentScore {
  readonly agent: string;
  /** 0..1 */
  readonly score: number;
  /** Its share in the item's score. */
  readonly weight: number;
  readonly latencyMs: number;
  readonly fallback: boolean;
}

/** What the agents gave the item: nothing where none took part; null where that is no longer known. */
export function agentScoresOf(item: RankedItem, scoring: Scoring | null): AgentScore[] | null {
  const shares = sharesOf(item, scoring);
  if (shares === null) return null;
  return shares.flatMap(({ part, value, share, fallback }) =>
    part.latencyMs === null
      ? []
      : [{ agent: part.name, score: value, weight: share, latencyMs: part.latencyMs, fallback }],
  );
}
