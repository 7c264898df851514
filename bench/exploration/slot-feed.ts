import type { World } from '../../evaluation/worlds/world.ts';
import type { Beta } from '../../subgraphs/feed/exploration/beta.ts';
import type { SlotArm, SlotRules } from '../../subgraphs/feed/exploration/fill-slots.ts';
import { drawPosterior } from '../../subgraphs/feed/exploration/posterior-draws.ts';
import { candidate, type Candidate } from '../../subgraphs/feed/pipeline/component.ts';

/** The caps of the served feed. */
export const rules: SlotRules = {
  share: 0.3,
  shown: 0,
  vendorCap: 3,
  categoryCap: 10,
  stretch: 20,
  policy: 'bench',
};

/** A candidate with what the caps look at. */
export function placed(id: string, vendorId: string, category: string): Candidate {
  return {
    ...candidate(id, 'FRESH'),
    facts: {
      vendorId,
      category,
      region: 'AT',
      tags: [],
      quality: 0.5,
      publishedAt: new Date(0),
      log2Popularity: null,
      vendorLog2Popularity: null,
      seen: false,
      hidden: false,
    },
  };
}

/** `count` ranked candidates, each of a vendor and a category of its own. */
export function rankedOf(count: number): Candidate[] {
  return Array.from({ length: count }, (_, place) =>
    placed(`ranked-${place}`, `ranked-${place}`, `ranked-${place}`),
  );
}

/** The arms of a world with draws from their posteriors. */
export function armsOf(world: World, posteriors: readonly Beta[], seed: string): SlotArm[] {
  return world.arms.flatMap(({ id, vendorId, category }, arm) => {
    const posterior = posteriors[arm];
    if (posterior === undefined) return [];
    return [{ candidate: placed(id, vendorId, category), draws: drawPosterior(posterior, `${seed} ${id}`) }];
  });
}
