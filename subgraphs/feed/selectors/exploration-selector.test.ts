import { describe, expect, it } from 'vitest';
import { ArmEvidence } from '../exploration/arm-evidence.ts';
import { seededRandom } from '../learning/seeded-random.ts';
import { ReadPosteriors } from '../exploration/posterior-shelf.ts';
import { Posteriors } from '../exploration/posteriors.ts';
import type { Candidate, CandidateSource } from '../pipeline/component.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { explorationSelector, explores } from './exploration-selector.ts';

const caps = { vendorCap: 3, categoryCap: 10, stretch: 20 };
const query = queryOf({ subject: 'ada', segment: 'AT:1' });

function posteriorsOf(evidence = new ArmEvidence()): ReadPosteriors {
  return new ReadPosteriors('test', new Posteriors(evidence));
}

function selectorOf(current: ReadPosteriors | null = posteriorsOf(), seed = 1) {
  return explorationSelector({ share: 0.3, posteriors: { current }, uniform: seededRandom(seed) }, caps);
}

function list(name: string, count: number, source: CandidateSource = 'COLLABORATIVE'): Candidate[] {
  return Array.from({ length: count }, (_, index) =>
    candidateOf(
      `${name}-${index}`,
      { vendorId: `${name}-vendor-${index % 15}`, category: `category-${index % 6}` },
      { source, score: 1 - index / 1_000 },
    ),
  );
}

describe('explorationSelector', () => {
  it('takes what waits behind the ranked, and leaves what it does not take out of the feed', () => {
    const ranked = list('ranked', 30);
    const found = list('found', 20, 'EXPLORATION');
    const feed = selectorOf().select(query, [...ranked, ...found], [...ranked, ...found]);
    expect(feed).toHaveLength(30);
    const slots = feed.flatMap(({ slot }, index) => (slot === null ? [] : [index + 1]));
    expect(slots).toEqual([7, 10, 13, 17, 20, 23, 27, 30]);
    for (const { source, slot } of feed) expect(source === 'EXPLORATION').toBe(slot !== null);
    const explored = new Set(feed.flatMap(({ id, slot }) => (slot === null ? [] : [id])));
    const others = ranked.map(({ id }) => id).filter((id) => !explored.has(id));
    expect(feed.flatMap(({ id, slot }) => (slot === null ? [id] : []))).toEqual(others.slice(0, 22));
  });

  it('moves what is ranked far behind, and neither the first page nor editors have to give anything up', () => {
    const ranked = list('ranked', 100);
    const picks = list('pick', 10, 'EDITORIAL');
    for (let seed = 0; seed < 10; seed++) {
      const feed = selectorOf(posteriorsOf(), seed).select(query, ranked, [...picks, ...ranked]);
      const explored = feed.filter(({ slot }) => slot !== null).map(({ id }) => id);
      expect(explored.length).toBeGreaterThan(10);
      expect(explored.every((id) => Number(id.replace('ranked-', '')) >= 20)).toBe(true);
    }
  });

  it('goes on with the slots where an earlier page ended', () => {
    const ranked = list('ranked', 40);
    const served = new Set(Array.from({ length: 20 }, (_, index) => `served-${index}`));
    const feed = selectorOf().select({ ...query, served }, ranked, [...ranked, ...list('found', 30)]);
    const slots = feed.flatMap(({ slot }, index) => (slot === null ? [] : [20 + index + 1]));
    expect(slots.slice(0, 4)).toEqual([23, 27, 30, 33]);
  });

  it('shows what the segment likes more often than what it does not', () => {
    const evidence = new ArmEvidence();
    const found = list('found', 12, 'EXPLORATION');
    for (const [index, { id, facts }] of found.entries()) {
      const item = { id, vendorId: facts?.vendorId ?? '', category: facts?.category ?? '' };
      evidence.add('AT:1', item, { trials: 100, successes: index === 5 ? 30 : 2 });
    }
    const read = posteriorsOf(evidence);
    const firsts = Array.from({ length: 40 }, (_, seed) => {
      const feed = selectorOf(read, seed).select(query, list('ranked', 40), found);
      return feed.find(({ slot }) => slot !== null)?.id;
    });
    expect(firsts.filter((id) => id === 'found-5').length).toBeGreaterThan(35);
  });

  it('logs the same propensity for the same choice of everybody, and less to explore as more is known', () => {
    const read = posteriorsOf();
    const found = list('found', 12, 'EXPLORATION');
    const known = new Map<string, number>();
    for (let seed = 0; seed < 60; seed++) {
      const first = selectorOf(read, seed)
        .select(query, list('ranked', 12), found)
        .find(({ slot }) => slot !== null);
      if (first?.slot == null) throw new Error('There is a slot.');
      expect(first.slot.propensity).toBe(known.get(first.id) ?? first.slot.propensity);
      known.set(first.id, first.slot.propensity);
    }
    const evidence = new ArmEvidence();
    for (const { id, facts } of found) {
      const item = { id, vendorId: facts?.vendorId ?? '', category: facts?.category ?? '' };
      evidence.add('AT:1', item, { trials: 50_000, successes: 5_000 });
    }
    const settled = selectorOf(posteriorsOf(evidence)).select(query, list('ranked', 40), found);
    expect(settled.filter(({ slot }) => slot !== null).length).toBeLessThan(3);
  });
});

describe('explores', () => {
  it('takes somebody to learn from, posteriors and a share', () => {
    const exploration = { share: 0.3, posteriors: { current: posteriorsOf() }, uniform: Math.random };
    expect(explores(query, exploration)).toBe(true);
    expect(explores({ ...query, subject: null }, exploration)).toBe(false);
    expect(explores(query, { ...exploration, share: 0 })).toBe(false);
    expect(explores(query, { ...exploration, posteriors: { current: null } })).toBe(false);
  });
});
