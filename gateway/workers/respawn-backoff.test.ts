import { describe, expect, it } from 'vitest';
import { RespawnBackoff } from './respawn-backoff.ts';

/** The delays after each of `lives`, in ms. */
function delaysAfter(lives: readonly number[], random: () => number): number[] {
  let now = 0;
  const backoff = new RespawnBackoff({ now: () => now, random });
  return lives.map((lifeMs) => {
    backoff.started();
    now += lifeMs;
    return backoff.died();
  });
}

describe('RespawnBackoff', () => {
  it('replaces the first at once and doubles from then on, up to 30 s', () => {
    expect(
      delaysAfter(
        Array.from({ length: 10 }, () => 100),
        () => 0,
      ),
    ).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('starts anew after a worker that lived', () => {
    expect(delaysAfter([100, 100, 10_000, 100], () => 0)).toEqual([0, 500, 0, 500]);
  });

  it('takes a quarter off at most', () => {
    expect(delaysAfter([1, 1, 1], () => 1)).toEqual([0, 375, 750]);
  });
});
