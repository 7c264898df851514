import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArmEvidence, type ArmItem, type Counts } from './arm-evidence.ts';
import { betaDeviation, betaMean } from './beta.ts';
import { Posteriors } from './posteriors.ts';

const item = (id: string, category = 'florals', vendorId = 'vendor'): ArmItem => ({ id, category, vendorId });

/** Evidence of `count` items each with the same counts. */
function fill(evidence: ArmEvidence, count: number, counts: Counts, own: Partial<ArmItem> = {}): void {
  for (let index = 0; index < count; index++) {
    evidence.add('AT:1', { ...item(`${own.category ?? ''}${own.vendorId ?? ''}${index}`), ...own }, counts);
  }
}

describe('Posteriors', () => {
  it('believe one in twenty of anything, before anything was seen', () => {
    const posterior = new Posteriors(new ArmEvidence()).of('AT:1', item('a'));
    expect(betaMean(posterior)).toBeCloseTo(0.05, 10);
    expect(betaDeviation(posterior)).toBeGreaterThan(0.02);
  });

  it('follow an item as its evidence grows, and narrow', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.9, noNaN: true }), (rate) => {
        const evidence = new ArmEvidence();
        const posteriors = new Posteriors(evidence);
        const widths = [2_000, 20_000, 200_000].map((trials) => {
          evidence.add('AT:1', item('a'), { trials, successes: trials * rate });
          return betaDeviation(posteriors.of('AT:1', item('a')));
        });
        expect(widths).toEqual(widths.toSorted((x, y) => y - x));
        expect(betaMean(posteriors.of('AT:1', item('a')))).toBeCloseTo(rate, 2);
      }),
      { numRuns: 30 },
    );
  });

  it('expect of a new item what its category and its vendor have had', () => {
    const evidence = new ArmEvidence();
    fill(evidence, 30, { trials: 100, successes: 4 }, { category: 'florals', vendorId: 'plain' });
    fill(evidence, 30, { trials: 100, successes: 16 }, { category: 'venues', vendorId: 'other' });
    fill(evidence, 10, { trials: 100, successes: 12 }, { category: 'florals', vendorId: 'loved' });
    const posteriors = new Posteriors(evidence);
    const expected = (category: string, vendorId: string): number =>
      betaMean(posteriors.of('AT:1', item('new', category, vendorId)));
    expect(expected('venues', 'new')).toBeGreaterThan(expected('florals', 'new') * 1.5);
    expect(expected('florals', 'loved')).toBeGreaterThan(expected('florals', 'plain') * 1.5);
  });

  it('expect of an item in another segment what it has had elsewhere, with less certainty', () => {
    const evidence = new ArmEvidence();
    fill(evidence, 30, { trials: 300, successes: 15 });
    evidence.add('AT:1', item('loved'), { trials: 300, successes: 90 });
    const posteriors = new Posteriors(evidence);
    const here = posteriors.of('AT:1', item('loved'));
    const elsewhere = posteriors.of('DE:4', item('loved'));
    expect(betaMean(elsewhere)).toBeGreaterThan(betaMean(posteriors.of('DE:4', item('new'))) * 2);
    expect(betaDeviation(elsewhere)).toBeGreaterThan(betaDeviation(here));
  });

  it('are proper whatever was seen, and never count more than was seen and believed', () => {
    const counts = fc
      .record({
        trials: fc.double({ min: 0, max: 5_000, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ trials, share }) => ({ trials, successes: trials * share }));
    const row = fc.record({
      segment: fc.constantFrom('AT:1', 'AT:new', '*:3'),
      item: fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        vendorId: fc.constantFrom('v', 'w'),
        category: fc.constantFrom('florals', 'venues'),
      }),
      counts,
    });
    fc.assert(
      fc.property(fc.array(row), fc.double({ min: 0, max: 1, noNaN: true }), (rows, share) => {
        const evidence = new ArmEvidence();
        for (const one of rows) evidence.add(one.segment, one.item, one.counts);
        evidence.forget(share);
        const posteriors = new Posteriors(evidence);
        for (const segment of ['AT:1', 'AT:new', '*:9']) {
          for (const id of ['a', 'b', 'e']) {
            const { alpha, beta } = posteriors.of(segment, item(id));
            expect(alpha > 0 && beta > 0).toBe(true);
            expect(alpha + beta).toBeLessThan(1_001 + posteriors.trials(segment, id) + 1e-6);
          }
        }
      }),
    );
  });
});

describe('ArmEvidence', () => {
  it('forgets by shares', () => {
    const evidence = new ArmEvidence();
    evidence.add('AT:1', item('a'), { trials: 8, successes: 4 });
    evidence.forget(0.5);
    evidence.add('AT:1', item('a'), { trials: 1, successes: 1 });
    expect(evidence.of('a')).toMatchObject({ trials: 5, successes: 3 });
    expect(evidence.of('a')?.segments.get('AT:1')).toEqual({ trials: 5, successes: 3 });
  });
});
