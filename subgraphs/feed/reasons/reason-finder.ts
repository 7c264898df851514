import type { RankingFeatures } from '../agents/ranking-features.ts';
import { popularityHalfLifeMs } from '../interactions/popularity.ts';
import { at } from '../learning/typed-array.ts';
import {
  unsaid,
  type Candidate,
  type CandidateSource,
  type FeedQuery,
  type ReasonKind,
  type ReasonRecord,
  type ScorePart,
} from '../pipeline/component.ts';

/** Least similarity to the user's choices that a person would call similar, 0..1; one choice of the vendor has it. */
const similarFrom = 0.25;

/** Least popularity that is called so: a 64th of the most popular candidate's, and that of a click of this moment. */
const popularFrom = { feature: 0.5, log2Decayed: 0 };

/** Least freshness that is called new: published within 28 days. */
const newFrom = 0.25;

/** What a source says by itself. What came by neighbours is left to the strongest contribution. */
const kindBySource: Readonly<Partial<Record<CandidateSource, ReasonKind>>> = {
  EDITORIAL: 'EDITORS_PICK',
  EXPLORATION: 'EXPLORING',
  FOLLOWED: 'FOLLOWED_VENDOR',
  FRESH: 'NEW_IN_REGION',
  NEAREST: 'SIMILAR_TO_SAVED',
  TRENDING: 'TRENDING_IN_REGION',
};

/** What a large contribution of a part may mean, the likeliest first; parts that say nothing to a reader are absent. */
const kindsByPart: Readonly<Record<string, readonly ReasonKind[]>> = {
  archivist: ['SIMILAR_TO_SAVED', 'FOLLOWED_VENDOR', 'LIKED_BY_SIMILAR_PEOPLE'],
  serendipity: ['LIKED_BY_SIMILAR_PEOPLE'],
  discovery: ['LIKED_BY_SIMILAR_PEOPLE', 'NEW_IN_REGION', 'TRENDING_IN_REGION'],
  neighbours: ['LIKED_BY_SIMILAR_PEOPLE'],
  vendorNeighbours: ['LIKED_BY_SIMILAR_PEOPLE'],
  vectors: ['SIMILAR_TO_SAVED'],
  tags: ['SIMILAR_TO_SAVED'],
  vendor: ['SIMILAR_TO_SAVED'],
  popularity: ['TRENDING_IN_REGION'],
  followed: ['FOLLOWED_VENDOR'],
  freshness: ['NEW_IN_REGION'],
};

/**
 * Returns what finds the reason of a candidate, given its place among the features and what each of `parts` gave: what its
 * source says, else what the strongest contribution means that says something, each only where it is true of the item.
 * What nothing speaks for is there to learn whether it is liked.
 */
export function reasonFinder(
  query: FeedQuery,
  features: RankingFeatures,
  parts: readonly ScorePart[],
): (candidate: Candidate, index: number, values: readonly number[]) => ReasonRecord {
  const region = query.regions?.length === 1 ? (query.regions[0] ?? null) : null;
  const hasChosen = query.taste !== null && query.taste.positives.length > 0;
  // A feed has some dozens of them among hundreds of items, which its snapshot keeps.
  const records = new Map<string, ReasonRecord>();
  return (candidate, index, values) => {
    const { facts, source } = candidate;
    // The models' neighbours of a new item come from its tags and vendor alone: nobody has liked it yet.
    const isTouched = facts !== null && facts.log2Popularity !== null;
    const log2Decayed = (facts?.log2Popularity ?? -Infinity) - query.now.getTime() / popularityHalfLifeMs;
    const isTrue = (kind: ReasonKind): boolean => {
      switch (kind) {
        case 'SIMILAR_TO_SAVED':
          return hasChosen && similarity(features, index) >= similarFrom;
        case 'LIKED_BY_SIMILAR_PEOPLE':
          return hasChosen && isTouched && at(features.neighbours, index) > 0;
        case 'FOLLOWED_VENDOR':
          return at(features.followed, index) > 0;
        case 'NEW_IN_REGION':
          return at(features.freshness, index) >= newFrom;
        case 'TRENDING_IN_REGION':
          return (
            at(features.popularity, index) >= popularFrom.feature && log2Decayed >= popularFrom.log2Decayed
          );
        default:
          // Picks and exploration are told by the source alone.
          return true;
      }
    };
    const bySource = kindBySource[source];
    const kind =
      bySource !== undefined && isTrue(bySource)
        ? bySource
        : (strongest(parts, values, isTrue) ??
          (isTrue('LIKED_BY_SIMILAR_PEOPLE') ? 'LIKED_BY_SIMILAR_PEOPLE' : 'EXPLORING'));
    const category = facts?.category ?? null;
    const key = `${kind} ${category ?? ''}`;
    const known = records.get(key);
    if (known !== undefined) return known;
    const ofRegion = kind === 'NEW_IN_REGION' || kind === 'TRENDING_IN_REGION';
    const record = { kind, region: ofRegion ? region : null, category };
    records.set(key, record);
    return record;
  };
}

/** The reason of an item of which only the source is known. */
export function reasonBySource(source: CandidateSource): ReasonRecord {
  const known = source === 'COLLABORATIVE' ? 'LIKED_BY_SIMILAR_PEOPLE' : kindBySource[source];
  // Whether it is still new or popular is not known.
  const lasts = known !== undefined && known !== 'NEW_IN_REGION' && known !== 'TRENDING_IN_REGION';
  return { kind: lasts ? known : 'EXPLORING', region: null, category: null };
}

function similarity({ vectors, tags, vendor }: RankingFeatures, index: number): number {
  return Math.max(at(vectors, index), at(tags, index), at(vendor, index));
}

/** What the largest contribution means that means something true; undefined where none does. */
function strongest(
  parts: readonly ScorePart[],
  values: readonly number[],
  isTrue: (kind: ReasonKind) => boolean,
): ReasonKind | undefined {
  let best: ReasonKind | undefined;
  let most = 0;
  for (const [place, { name, weight }] of parts.entries()) {
    const value = values[place] ?? unsaid;
    if (value === unsaid || weight * value <= most) continue;
    const kind = kindsByPart[name]?.find((each) => isTrue(each));
    if (kind !== undefined) [best, most] = [kind, weight * value];
  }
  return best;
}
