import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../pipeline/component.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { vendorCapSelector } from './vendor-cap-selector.ts';

const ofVendors = (vendors: readonly string[]): Candidate[] =>
  vendors.map((vendorId, index) => candidateOf(`item-${index}`, { vendorId }));
const vendorsOf = (candidates: readonly Candidate[]): string[] =>
  candidates.map(({ facts }) => facts?.vendorId ?? '');
const countIn = (vendors: readonly string[], vendor: string): number =>
  vendors.filter((other) => other === vendor).length;

const input = fc.record({
  vendors: fc.array(fc.constantFrom('a', 'a', 'a', 'b', 'b', 'c', 'd'), { maxLength: 60 }),
  cap: fc.integer({ min: 1, max: 4 }),
  window: fc.integer({ min: 4, max: 12 }),
});

describe('vendorCapSelector', () => {
  it('lets what is over wait, and has it first in the next stretch', () => {
    const candidates = ofVendors(['a', 'a', 'a', 'b', 'c', 'd']);
    const selected = vendorCapSelector({ cap: 1, window: 3 }).select(queryOf(), candidates);
    expect(selected.map(({ id }) => id)).toEqual([
      'item-0',
      'item-3',
      'item-4',
      'item-1',
      'item-5',
      'item-2',
    ]);
  });

  it('loses nothing, invents nothing, and keeps the order within a vendor', () => {
    fc.assert(
      fc.property(input, ({ vendors, cap, window }) => {
        const candidates = ofVendors(vendors);
        const selected = vendorCapSelector({ cap, window }).select(queryOf(), candidates);
        expect(new Set(selected)).toEqual(new Set(candidates));
        expect(selected).toHaveLength(candidates.length);
        for (const vendor of new Set(vendors)) {
          const ofVendor = ({ facts }: Candidate): boolean => facts?.vendorId === vendor;
          expect(selected.filter(ofVendor)).toEqual(candidates.filter(ofVendor));
        }
      }),
    );
  });

  it('keeps to the cap in each stretch while anybody else is left', () => {
    fc.assert(
      fc.property(input, ({ vendors, cap, window }) => {
        const selected = vendorCapSelector({ cap, window }).select(queryOf(), ofVendors(vendors));
        for (let from = 0; from < selected.length; from += window) {
          const stretch = vendorsOf(selected.slice(from, from + window));
          if (stretch.every((vendor) => countIn(stretch, vendor) <= cap)) continue;
          const after = vendorsOf(selected.slice(from + window));
          expect(after.filter((vendor) => countIn(stretch, vendor) < cap)).toEqual([]);
        }
      }),
    );
  });

  it('changes nothing where the cap is kept already', () => {
    fc.assert(
      fc.property(fc.nat(60), (length) => {
        const candidates = ofVendors(Array.from({ length }, (_, index) => `vendor-${index}`));
        expect(vendorCapSelector({ cap: 1, window: 20 }).select(queryOf(), candidates)).toEqual(candidates);
      }),
    );
  });

  it('stops once the feed is full', () => {
    const candidates = ofVendors(Array.from({ length: 100 }, (_, index) => `vendor-${index % 2}`));
    const selected = vendorCapSelector({ cap: 3, window: 20 }).select(queryOf({ size: 25 }), candidates);
    expect(selected).toHaveLength(40);
  });

  it('stands aside for who asks for vendors by name', () => {
    const filter = { ...queryOf().filter, vendorIds: ['a'] };
    const selector = vendorCapSelector({ cap: 3, window: 20 });
    expect(selector.enabled(queryOf({ filter }))).toBe(false);
    expect(selector.enabled(queryOf())).toBe(true);
  });
});
