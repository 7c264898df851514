import type { FeedQuery } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';
import { isNarrowed } from './eligible.ts';

export interface SupplyOptions extends SourceOptions {
  /** Candidates at most for somebody for whom the neighbours of the history are enough to fill a feed. */
  readonly personalLimit: number;
}

/** Rows that a source which fills feeds asks for: few where a history fills the feed, and what was served besides. */
export function supplyLimit(query: FeedQuery, { limit, personalLimit }: SupplyOptions): number {
  const { similarities } = query.taste ?? {};
  const isFilled = !isNarrowed(query) && (similarities?.nearest(query.size).length ?? 0) >= query.size;
  return (isFilled ? personalLimit : limit) + query.served.size;
}
