import { betaDeviation, betaMean, type Beta, type Uniform } from '../exploration/beta.ts';
import { fillSlots, type SlotArm } from '../exploration/fill-slots.ts';
import type { FeedCaps } from '../exploration/growing-feed.ts';
import type { ReadPosteriors } from '../exploration/posterior-shelf.ts';
import { shareFor } from '../exploration/slot-positions.ts';
import type { Candidate, CatalogueFacts, FeedQuery, Selector } from '../pipeline/component.ts';
import { capsFor } from './diversity-selector.ts';

/** What feeds explore by. */
export interface Exploration {
  /** Share of the positions after the third that are slots while posteriors are wide, 0..1. */
  readonly share: number;
  readonly posteriors: { readonly current: ReadPosteriors | null };
  /** Where chance comes from. */
  readonly uniform: Uniform;
}

/** Candidates that slots choose among, those with the best chances. */
const mostArms = 60;

/** Of these, those whose posterior nobody has drawn from yet: a feed waits for each. */
const mostNewlyDrawn = 20;

/** Whether a feed explores: there must be somebody whose impressions and saves will tell. */
export function explores(query: FeedQuery, { posteriors, share }: Exploration): boolean {
  return query.subject !== null && share > 0 && posteriors.current !== null;
}

/**
 * Puts candidates into the exploration slots by Thompson sampling (exploration/fill-slots.ts). What the exploration source
 * has found is shown in slots alone; an editor's pick, and what is in the first stretch anyway, needs no slot.
 */
export function explorationSelector(exploration: Exploration, feedCaps: FeedCaps): Selector {
  const { posteriors, share, uniform } = exploration;
  return {
    name: 'exploration-selector',
    enabled: (query) => explores(query, exploration),
    select: (query, candidates, scored) => {
      const ranked = candidates.filter(({ source }) => source !== 'EXPLORATION');
      const read = posteriors.current;
      if (read === null) return ranked;
      const best = bestChances(query, read, scored, new Set(ranked.slice(0, feedCaps.stretch)));
      const caps = capsFor(query, feedCaps);
      return fillSlots(
        ranked,
        drawnArms(query, read, best),
        {
          share: shareFor(
            best.map(({ posterior }) => posterior),
            share,
          ),
          shown: query.served.size,
          vendorCap: caps.vendor,
          categoryCap: caps.category,
          stretch: feedCaps.stretch,
          policy: read.version,
        },
        uniform,
      );
    },
  };
}

interface Chance {
  readonly candidate: Candidate;
  readonly facts: CatalogueFacts;
  readonly posterior: Beta;
}

/** The candidates whose rate may well be the highest: mean and two standard deviations. */
function bestChances(
  { segment }: FeedQuery,
  read: ReadPosteriors,
  scored: readonly Candidate[],
  first: ReadonlySet<Candidate>,
): Chance[] {
  return scored
    .flatMap((candidate) => {
      const { facts, source, id } = candidate;
      if (facts === null || source === 'EDITORIAL' || first.has(candidate)) return [];
      const posterior = read.of(segment, { id, vendorId: facts.vendorId, category: facts.category });
      return [{ candidate, facts, posterior, hope: betaMean(posterior) + 2 * betaDeviation(posterior) }];
    })
    .toSorted((a, b) => b.hope - a.hope)
    .slice(0, mostArms);
}

/** Those of which there are draws, or may be made now; the others wait for another feed. */
function drawnArms({ segment }: FeedQuery, read: ReadPosteriors, chances: readonly Chance[]): SlotArm[] {
  let left = mostNewlyDrawn;
  return chances.flatMap(({ candidate, facts: { vendorId, category } }) => {
    const item = { id: candidate.id, vendorId, category };
    let draws = read.drawsOf(segment, item, false);
    if (draws === null && left > 0) {
      draws = read.drawsOf(segment, item, true);
      left--;
    }
    return draws === null ? [] : [{ candidate, draws }];
  });
}
