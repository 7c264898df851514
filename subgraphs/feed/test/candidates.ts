import { candidate, type Candidate, type CatalogueFacts, type FeedQuery } from '../pipeline/component.ts';
import { start } from './open-feed.ts';

/** A candidate with what the catalogue knows of it. */
export function candidateOf(
  id: string,
  facts: Partial<CatalogueFacts> = {},
  own: Partial<Omit<Candidate, 'id' | 'facts'>> = {},
): Candidate {
  return {
    ...candidate(id, own.source ?? 'FRESH'),
    ...own,
    facts: {
      vendorId: 'vendor',
      category: 'florals',
      region: 'US',
      tags: [],
      quality: 0.5,
      publishedAt: start,
      log2Popularity: null,
      vendorLog2Popularity: null,
      seen: false,
      hidden: false,
      ...facts,
    },
  };
}

/** What an anonymous caller without wishes asks for. */
export function queryOf(overrides: Partial<FeedQuery> = {}): FeedQuery {
  return {
    subject: null,
    regions: null,
    filter: { categories: [], regions: [], tags: [], vendorIds: null, minQuality: 0 },
    history: 'unseen',
    served: new Set(),
    size: 240,
    now: start,
    taste: null,
    segment: '*:new',
    ...overrides,
  };
}
