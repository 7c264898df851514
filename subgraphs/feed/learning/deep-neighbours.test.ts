import { describe, expect, it } from 'vitest';
import { deepNeighbours } from './deep-neighbours.ts';
import { itemNeighbours } from './item-neighbours.ts';
import { toTraits } from './item-traits.ts';
import { rp3beta } from './rp3beta.ts';
import { matrixOf, neighboursOf, type Neighbour } from './test/choice-matrix.ts';

const alone = { threads: 1, onProgress: () => undefined };
const ease = { k: 6, discount: 0.15, lambda: 5, vendorWeight: 4, tagWeight: 2 };
const walk = { k: 6, alpha: 0.5, beta: 0.6 };

// Items 3, 4 and 5 are chosen most.
const users = [
  [5, 4, 0],
  [5, 4, 1],
  [5, 4],
  [5, 3, 2],
  [5, 3],
  [4, 3],
  [5, 4, 3],
  [0, 1],
];
const entries = Array.from({ length: 6 }, (_, item) => ({ vendor: `v${item % 2}`, tags: [`t${item % 3}`] }));
const [choices, traits] = [matrixOf(6, users), toTraits(entries)];

const itemsOf = (list: readonly Neighbour[]): number[] => list.map(([item]) => item);
const sumOf = (lists: readonly (readonly Neighbour[])[]): number =>
  lists.flat().reduce((sum, [, weight]) => sum + weight, 0);

describe('deepNeighbours', () => {
  it('is EASE where the catalogue is small enough', async () => {
    const whole = await itemNeighbours(choices, traits, ease, alone);
    for (const easeItems of [6, 100]) {
      expect(await deepNeighbours(choices, traits, { ease, rp3beta: walk, easeItems }, alone)).toEqual(whole);
    }
  });

  it('is EASE between the most chosen, and RP3beta for each pair with another, which add up alike', async () => {
    const merged = await deepNeighbours(choices, traits, { ease, rp3beta: walk, easeItems: 3 }, alone);
    const head = await itemNeighbours(
      matrixOf(
        3,
        users.map((items) => items.filter((item) => item >= 3).map((item) => item - 3)),
      ),
      // How much a tag tells is a matter of the whole catalogue.
      { ...toTraits(entries.slice(3)), idf: traits.idf },
      ease,
      alone,
    );
    const walked = rp3beta(choices, walk);
    const scale =
      sumOf([0, 1, 2].map((item) => neighboursOf(head, item))) /
      sumOf([3, 4, 5].map((item) => neighboursOf(walked, item)));
    expect(scale).toBeGreaterThan(0);
    for (let item = 0; item < 6; item++) {
      const ofHead = item < 3 ? [] : neighboursOf(head, item - 3);
      const expected = [
        ...ofHead.map(([other, weight]): Neighbour => [other + 3, weight]),
        ...neighboursOf(walked, item)
          .filter(([other]) => item < 3 || other < 3)
          .map(([other, weight]): Neighbour => [other, weight * scale]),
      ].toSorted(([, a], [, b]) => b - a);
      const actual = neighboursOf(merged, item);
      expect(new Set(itemsOf(actual))).toEqual(new Set(itemsOf(expected)));
      expect(actual).toHaveLength(expected.length);
      for (const [place, [, weight]] of expected.entries()) {
        expect(actual[place]?.[1]).toBeCloseTo(weight, 6);
      }
    }
  });

  it('keeps as many as are asked for, of both kinds together', async () => {
    const short = { ease: { ...ease, k: 2 }, rp3beta: { ...walk, k: 2 }, easeItems: 3 };
    const merged = await deepNeighbours(choices, traits, short, alone);
    expect(merged.items).toHaveLength(12);
    for (let item = 0; item < 6; item++) expect(neighboursOf(merged, item).length).toBeLessThanOrEqual(2);
  });
});
