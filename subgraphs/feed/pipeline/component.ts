import type { Similarities } from '../learning/neighbour-model.ts';

/** CandidateSource of the contract, whole. */
export type CandidateSource =
  'NEAREST' | 'COLLABORATIVE' | 'FOLLOWED' | 'FRESH' | 'TRENDING' | 'EXPLORATION' | 'EDITORIAL';

export type RankingMode = 'MULTI_AGENT' | 'SIMPLE' | 'TRENDING';

/** What a request asks of its feed; an empty list does not narrow, but for that of vendors. */
export interface RequestFilter {
  readonly categories: readonly string[];
  readonly regions: readonly string[];
  readonly tags: readonly string[];
  /** Null for every vendor; an empty list for none, where a caller who is bound to one asks for another. */
  readonly vendorIds: readonly string[] | null;
  /** 0..1 */
  readonly minQuality: number;
}

/** What the user's history says, read once per ranking. */
export interface Taste {
  /** Items liked, saved, shared or asked about, the latest first. */
  readonly positives: readonly string[];
  readonly followedVendors: readonly string[];
  /** How near items are to the positives by the item-to-item model; null without positives or a model. */
  readonly similarities: Similarities | null;
  /** Where the user lies among the items' vectors; null where no positive has one. */
  readonly vector: Float32Array | null;
  /** How often each tag was chosen times how much it tells, and the length of that vector. */
  readonly tags: { readonly weights: ReadonlyMap<string, number>; readonly length: number };
  /** How many of the positives are of each vendor. */
  readonly vendors: ReadonlyMap<string, number>;
}

/** What a feed is ranked for. */
export interface FeedQuery {
  /** Null for a caller without any id, whose feed is impersonal. */
  readonly subject: string | null;
  /** Null where every region is allowed. */
  readonly regions: readonly string[] | null;
  readonly filter: RequestFilter;
  /** `unseen` leaves out what the subject has acted on, `any` only what they have hidden. */
  readonly history: 'unseen' | 'any';
  /** Served under this feed's id already. */
  readonly served: ReadonlySet<string>;
  /** Items wanted at most. */
  readonly size: number;
  readonly now: Date;
  /** Null until hydrated, and where that failed. */
  readonly taste: Taste | null;
  /** The user segment, `region:cluster`, as `AT:7` or `*:new`. */
  readonly segment: string;
}

/** What the catalogue projection knows of a candidate. */
export interface CatalogueFacts {
  readonly vendorId: string;
  readonly category: string;
  readonly region: string;
  readonly tags: readonly string[];
  readonly quality: number;
  readonly publishedAt: Date;
  /** log2 of the decayed popularity; null for an item nobody has touched. */
  readonly log2Popularity: number | null;
  /** The same of its vendor's items on average; null where that is not known. */
  readonly vendorLog2Popularity: number | null;
  /** Whether the subject has any interaction with it. */
  readonly seen: boolean;
  /** Whether the subject has hidden it or its vendor. */
  readonly hidden: boolean;
}

/** An item on its way through the pipeline; hydrators fill in `facts`, the scorer `score`. */
export interface Candidate {
  readonly id: string;
  readonly source: CandidateSource;
  /** Cosine to the user's vector, -1..1; 0 where that is not known. */
  vectorSimilarity: number;
  facts: CatalogueFacts | null;
  score: number;
  /** Null until scored. */
  explanation: Explanation | null;
  /** Where an exploration slot chose it; null where its score did. */
  slot: ExplorationSlot | null;
}

/** How a candidate came by its exploration slot. */
export interface ExplorationSlot {
  /** The probability that the policy gives this slot this item, given the ranked list and the slots before. */
  readonly propensity: number;
  /** Draws from each arm's posterior among which the slot chose; the propensity is a count of these. */
  readonly samples: number;
  /** Candidates that could have got the slot. */
  readonly arms: number;
  /** Names the policy and the posteriors that it chose by. */
  readonly policy: string;
}

interface Component {
  readonly name: string;
  /** Whether the component takes part in this ranking. */
  enabled(query: FeedQuery): boolean;
}

/** Completes the query. One that fails or is late is left out and named in `degraded`. */
export interface QueryHydrator extends Component {
  readonly deadlineMs: number;
  hydrate(query: FeedQuery): Promise<FeedQuery>;
}

/** Finds candidates, the best first. One that fails or is late is left out and named in `degraded`. */
export interface Source extends Component {
  readonly deadlineMs: number;
  find(query: FeedQuery): Promise<Candidate[]>;
}

/**
 * Fills in facts of candidates. One that fails or is late fails the ranking, as no rule can be checked without, unless it
 * is optional: then it is left out and named in `degraded`.
 */
export interface Hydrator extends Component {
  readonly deadlineMs: number;
  readonly optional?: boolean;
  hydrate(query: FeedQuery, candidates: readonly Candidate[]): Promise<void>;
}

/** Returns what may stay, in the same order. One that fails fails the ranking, so nothing slips through. */
export interface Filter extends Component {
  apply(query: FeedQuery, candidates: readonly Candidate[]): readonly Candidate[];
}

/** Sets every candidate's score, 0 to 1, and its explanation. One that fails fails the ranking. */
export interface Scorer extends Component {
  score(query: FeedQuery, candidates: readonly Candidate[]): Scoring | Promise<Scoring>;
}

/** How candidates were scored; their explanations have one value for each of `parts`. */
export interface Scoring {
  /** Whether agents took part. */
  readonly mode: Exclude<RankingMode, 'TRENDING'>;
  /** Names the parts with their weights and versions; null where no panel scored. */
  readonly panelVersion: string | null;
  /** What took part, in the order of `Explanation.values`. */
  readonly parts: readonly ScorePart[];
  /** Agents that were left out or replaced. */
  readonly degraded: readonly Degradation[];
  /** Scores that remote agents had in a cache, and those that they had to make. */
  readonly cacheHits: number;
  readonly cacheMisses: number;
}

/** An agent, or a part of the weighted sum. */
export interface ScorePart {
  readonly name: string;
  /** Its share in the weighted mean, above 0. */
  readonly weight: number;
  /** How long an agent took; null for a part of the weighted sum. */
  readonly latencyMs: number | null;
}

/** What a score is made of, small enough to be kept with each item of a feed. */
export interface Explanation {
  /** What each part gave, 0..1; `unsaid` where it had nothing to say. */
  readonly values: readonly number[];
  /** Bit n is set where a stand-in answered for part n. */
  readonly fallbacks: number;
  readonly reason: ReasonRecord;
}

/** In place of a value: plain numbers stay small in memory, and NaN is lost in JSON. */
export const unsaid = -1;

/** Why an item is in somebody's feed, before it is put into words. */
export interface ReasonRecord {
  readonly kind: ReasonKind;
  /** The one region of the feed, where it has one and the reason speaks of it. */
  readonly region: string | null;
  /** The item's category; null where that is not known. */
  readonly category: string | null;
}

/** ReasonKind of the contract, whole. */
export type ReasonKind =
  | 'SIMILAR_TO_SAVED'
  | 'LIKED_BY_SIMILAR_PEOPLE'
  | 'FOLLOWED_VENDOR'
  | 'NEW_IN_REGION'
  | 'TRENDING_IN_REGION'
  | 'EXPLORING'
  | 'EDITORS_PICK';

/** Puts candidates, which come the best first, in the order to be shown. */
export interface Selector extends Component {
  /** `scored` has every candidate that was scored, the best first, whatever the selectors before made of it. */
  select(
    query: FeedQuery,
    candidates: readonly Candidate[],
    scored: readonly Candidate[],
  ): readonly Candidate[];
}

/** What one component did; `input` and `output` count candidates. */
export interface StageTrace {
  readonly stage: 'query' | 'sources' | 'hydrators' | 'filters' | 'scorers' | 'selectors';
  readonly component: string;
  readonly input: number;
  readonly output: number;
  readonly durationMs: number;
  readonly skipped: boolean;
}

/** A component that was left out, and why. */
export interface Degradation {
  readonly component: string;
  readonly cause: string;
}

/** The stages in the order in which they run. */
export interface Pipeline {
  readonly queryHydrators: readonly QueryHydrator[];
  readonly sources: readonly Source[];
  readonly hydrators: readonly Hydrator[];
  readonly filters: readonly Filter[];
  readonly scorers: readonly Scorer[];
  readonly selectors: readonly Selector[];
}

/** A candidate as a source gives it. */
export function candidate(id: string, source: CandidateSource): Candidate {
  return { id, source, vectorSimilarity: 0, facts: null, score: 0, explanation: null, slot: null };
}
