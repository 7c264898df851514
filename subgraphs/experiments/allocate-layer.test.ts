import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateLayer, freeShare, layerSize, type LayerRange } from './allocate-layer.ts';

const size = (ranges: readonly LayerRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from, 0);

describe('allocateLayer', () => {
  it('begins at the lower end', () => {
    expect(allocateLayer([], 0.25)).toEqual([{ from: 0, to: 2_500 }]);
    expect(allocateLayer([{ from: 0, to: 2_500 }], 0.25)).toEqual([{ from: 2_500, to: 5_000 }]);
  });

  it('fills gaps with pieces', () => {
    const taken = [
      { from: 1_000, to: 4_000 },
      { from: 5_000, to: 10_000 },
    ];
    expect(allocateLayer(taken, 0.15)).toEqual([
      { from: 0, to: 1_000 },
      { from: 4_000, to: 4_500 },
    ]);
    expect(freeShare(taken)).toBe(0.2);
  });

  it('fits ten tenths exactly, and then refuses', () => {
    const taken: LayerRange[] = [];
    for (let index = 0; index < 10; index++) taken.push(...(allocateLayer(taken, 0.1) ?? []));
    expect(size(taken)).toBe(layerSize);
    expect(allocateLayer(taken, 0.0001)).toBeNull();
  });

  it('gives disjoint parts of the size asked for, and refuses exactly when there is no room', () => {
    const step = fc.record({ coverage: fc.double({ min: 0.0001, max: 1, noNaN: true }), stop: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const running: LayerRange[][] = [];
        for (const { coverage, stop } of steps) {
          running.splice(stop, 1);
          const taken = running.flat();
          const wanted = Math.max(1, Math.round(coverage * layerSize));
          const allocated = allocateLayer(taken, coverage);
          expect(allocated !== null).toBe(wanted <= layerSize - size(taken));
          running.push(allocated ?? []);
          expect(size(allocated ?? [])).toBe(allocated === null ? 0 : wanted);
          expect(new Set(running.flat().flatMap(placesOf)).size).toBe(size(running.flat()));
          expect(running.flat().every(({ from, to }) => from >= 0 && from < to && to <= layerSize)).toBe(
            true,
          );
        }
      }),
      { numRuns: 50 },
    );
  });
});

function placesOf({ from, to }: LayerRange): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
