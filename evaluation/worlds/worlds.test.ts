import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { additiveWorld } from './additive.ts';
import { bilinearWorld } from './bilinear.ts';
import { driftingWorld, epochRounds } from './drifting.ts';
import type { World } from './world.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const rounds = fc.nat(100_000);

const best = (world: World, round: number, at: number): number => {
  const visitor = world.visitor(round);
  const rewards = world.arms.map((_, arm) => world.reward(at, visitor, arm));
  return rewards.indexOf(Math.max(...rewards));
};

describe.each([
  ['additive', additiveWorld],
  ['bilinear', bilinearWorld],
  ['drifting', driftingWorld],
] as const)('the %s world', (_name, create) => {
  it('is the same for a seed, in whatever order rounds are asked for', () => {
    fc.assert(
      fc.property(seeds, fc.array(rounds, { minLength: 1, maxLength: 8 }), (seed, asked) => {
        const figures = (world: World, list: readonly number[]): Map<number, unknown> =>
          new Map(
            list.map((round) => {
              const visitor = world.visitor(round);
              return [round, [visitor, world.arms.map((_, arm) => world.reward(round, visitor, arm))]];
            }),
          );
        const forwards = figures(create(seed), asked);
        const backwards = figures(create(seed), asked.toReversed());
        for (const round of asked) expect(backwards.get(round)).toEqual(forwards.get(round));
      }),
      { numRuns: 30 },
    );
  });

  it('gives probabilities, and visitors of every segment', () => {
    const world = create(5);
    const seen = new Set<number>();
    for (let round = 0; round < 200; round++) {
      const visitor = world.visitor(round);
      seen.add(visitor.segment);
      for (const arm of world.arms.keys()) {
        const reward = world.reward(round, visitor, arm);
        expect(reward > 0 && reward < 1).toBe(true);
      }
    }
    expect(seen).toEqual(new Set([0, 1, 2, 3]));
  });
});

it('has one best arm for everybody in the additive world, and always', () => {
  const world = additiveWorld(3);
  expect(new Set(Array.from({ length: 50 }, (_, index) => best(world, index, index * 997))).size).toBe(1);
});

it('has best arms that differ within a segment in the bilinear world', () => {
  const world = bilinearWorld(3);
  const ofSegment = new Set<number>();
  for (let round = 0; round < 100; round++) {
    if (world.visitor(round).segment === 0) ofSegment.add(best(world, round, round));
  }
  expect(ofSegment.size).toBeGreaterThan(1);
});

it('changes its best arm from epoch to epoch in the drifting world, and never within one', () => {
  const world = driftingWorld(3);
  const ofEpochs = Array.from({ length: 8 }, (_, epoch) => [
    best(world, 0, epoch * epochRounds),
    best(world, 0, (epoch + 1) * epochRounds - 1),
  ]);
  for (const [first, last] of ofEpochs) expect(last).toBe(first);
  expect(new Set(ofEpochs.map(([first]) => first)).size).toBeGreaterThan(2);
});
