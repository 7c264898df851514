import type { Candidate, FeedQuery, Selector } from '../pipeline/component.ts';
import { TagSets } from './tag-sets.ts';

export interface DiversityOptions {
  /** Weight of the score against being different, 0..1; 1 leaves the order to the score. */
  readonly lambda: number;
  /** Items of one vendor, and of one category, in each stretch at most. */
  readonly vendorCap: number;
  readonly categoryCap: number;
  /** Positions in a stretch: a page of the usual size. */
  readonly stretch: number;
  /** Candidates that are weighed against one another for a position, the best first. */
  readonly pool: number;
  /** Positions that are made diverse, absent: all; those behind keep to the score and the caps. */
  readonly positions?: number;
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) within each stretch, under caps: a position gets the
 * candidate with the greatest λ · s − (1 − λ) · (its mean similarity to what the stretch has), of those whose vendor and
 * category have room. s is the score from 0, for the last that fits into the feed, to 1 for the first; similarity is the
 * cosine of the tags. It changes the order and never a score; nothing is lost: where nobody has room the cap of categories
 * gives way, then that of vendors, and what waited is considered again in the next stretch.
 */
export function diversitySelector(options: DiversityOptions): Selector {
  return {
    name: 'diversity-selector',
    enabled: () => true,
    select: (query, candidates) => {
      const tags = new TagSets();
      const best = candidates[0]?.score ?? 0;
      const least = candidates[Math.min(candidates.length, query.size) - 1]?.score ?? 0;
      const waiting = candidates.map((candidate) => ({
        candidate,
        relevance: best > least ? (candidate.score - least) / (best - least) : 0,
        tags: tags.of(candidate.facts?.tags ?? []),
        alike: 0,
        against: 0,
      }));
      const caps = capsFor(query, options);
      const selected: Candidate[] = [];
      while (waiting.length > 0 && selected.length < query.size) {
        const lambda = selected.length < (options.positions ?? Infinity) ? options.lambda : 1;
        selected.push(...selectStretch(waiting, caps, { ...options, lambda }));
      }
      return selected;
    },
  };
}

interface Waiting {
  readonly candidate: Candidate;
  /** 0..1; below 0 behind the last that fits into the feed. */
  readonly relevance: number;
  readonly tags: Int32Array;
  /** The sum of its similarities to the first `against` of what the stretch has. */
  alike: number;
  against: number;
}

interface Caps {
  readonly vendor: number;
  readonly category: number;
}

/** Who asks for vendors or categories by name wants those. */
export function capsFor(
  { filter }: FeedQuery,
  { vendorCap, categoryCap }: Pick<DiversityOptions, 'vendorCap' | 'categoryCap'>,
): Caps {
  return {
    vendor: filter.vendorIds !== null ? Infinity : vendorCap,
    category: filter.categories.length > 0 ? Infinity : categoryCap,
  };
}

/** Takes the next stretch out of `waiting`, which is in the order of the scores and stays so. */
function selectStretch(waiting: Waiting[], caps: Caps, options: DiversityOptions): Candidate[] {
  const taken: Waiting[] = [];
  const vendors = new Map<string, number>();
  const categories = new Map<string, number>();
  const vendorHasRoom = ({ facts }: Candidate): boolean =>
    (vendors.get(facts?.vendorId ?? '') ?? 0) < caps.vendor;
  const bothHaveRoom = (candidate: Candidate): boolean =>
    vendorHasRoom(candidate) && (categories.get(candidate.facts?.category ?? '') ?? 0) < caps.category;
  for (const entry of waiting) [entry.alike, entry.against] = [0, 0];
  while (taken.length < options.stretch) {
    const index =
      bestOf(waiting, taken, bothHaveRoom, options) ?? bestOf(waiting, taken, vendorHasRoom, options) ?? 0;
    const [next] = waiting.splice(index, 1);
    if (next === undefined) break;
    taken.push(next);
    count(vendors, next.candidate.facts?.vendorId ?? '');
    count(categories, next.candidate.facts?.category ?? '');
  }
  return taken.map(({ candidate }) => candidate);
}

/** The index of who gets the next position; null where nobody has room. */
function bestOf(
  waiting: readonly Waiting[],
  taken: readonly Waiting[],
  hasRoom: (candidate: Candidate) => boolean,
  { lambda, pool }: DiversityOptions,
): number | null {
  let best: number | null = null;
  let bestValue = -Infinity;
  let weighed = 0;
  for (let index = 0; index < waiting.length && weighed < pool; index++) {
    const entry = waiting[index];
    // Being alike only takes away, so nobody behind can have more than this.
    if (entry === undefined || lambda * entry.relevance <= bestValue) break;
    if (!hasRoom(entry.candidate)) continue;
    // Scores only fall from here on.
    if (lambda === 1) return index;
    weighed++;
    for (; entry.against < taken.length; entry.against++) {
      const other = taken[entry.against];
      if (other !== undefined) entry.alike += TagSets.cosine(entry.tags, other.tags);
    }
    const alike = taken.length === 0 ? 0 : entry.alike / taken.length;
    const value = lambda * entry.relevance - (1 - lambda) * alike;
    if (value > bestValue) [best, bestValue] = [index, value];
  }
  return best;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
