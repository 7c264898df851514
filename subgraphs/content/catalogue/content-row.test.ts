import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCatalogueEntry } from './content-row.ts';

describe('toCatalogueEntry', () => {
  it('tells the start of a description, whole characters of it', () => {
    const descriptions = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 1_500, size: 'max' }),
      fc.nat(2).map((offset) => 'a'.repeat(offset) + '🌸'.repeat(600)),
    );
    fc.assert(
      fc.property(descriptions, (description) => {
        const told = toCatalogueEntry({ ...row, description }).description ?? '';
        expect(description.startsWith(told)).toBe(true);
        expect(told.isWellFormed()).toBe(true);
        expect(told.length).toBeLessThanOrEqual(1_000);
        expect(told.length).toBeGreaterThanOrEqual(Math.min(description.length, 999));
      }),
    );
  });
});

/** An entry without a description. */
const row = {
  id: 'c1',
  vendorId: 'v1',
  title: 'A barn',
  description: '',
  category: 'venues',
  region: 'US',
  tags: [],
  imageUrl: null,
  publishedAt: new Date(0),
  quality: 0.5,
  version: 1,
  updatedAt: new Date(0),
};
