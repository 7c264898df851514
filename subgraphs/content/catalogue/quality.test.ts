import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualityOf, type Craft } from './quality.ts';

const entries: fc.Arbitrary<Craft> = fc.record({
  title: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
  description: fc.string({ maxLength: 2000 }),
  imageUrl: fc.option(fc.webUrl()),
  tags: fc.array(fc.string(), { maxLength: 50 }),
});

describe('qualityOf', () => {
  it('is 0 to 1 and the same for the same entry', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const quality = qualityOf(entry);
        expect(quality).toBeGreaterThanOrEqual(0);
        expect(quality).toBeLessThanOrEqual(1);
        expect(qualityOf({ ...entry })).toBe(quality);
      }),
    );
  });

  it('never falls with a picture or with more words', () => {
    fc.assert(
      fc.property(entries, fc.lorem(), (entry, words) => {
        const quality = qualityOf(entry);
        expect(qualityOf({ ...entry, imageUrl: 'https://a.example/i.jpg' })).toBeGreaterThanOrEqual(quality);
        expect(qualityOf({ ...entry, description: `${entry.description} ${words}` })).toBeGreaterThanOrEqual(
          quality,
        );
      }),
    );
  });

  it('is 1 for a full entry and has the documented parts', () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
    const full = {
      title: 'A peony bouquet for early May',
      description: words,
      imageUrl: 'https://a.example/i.jpg',
      tags: ['a', 'b', 'c', 'd'],
    };
    expect(qualityOf(full)).toBe(1);
    expect(qualityOf({ ...full, imageUrl: null })).toBe(0.75);
    expect(qualityOf({ ...full, description: '' })).toBe(0.65);
    expect(qualityOf({ ...full, description: words.repeat(1).slice(0, words.indexOf('word20')) })).toBe(
      0.825,
    );
    expect(qualityOf({ ...full, tags: ['a', 'b'] })).toBe(0.9);
    expect(qualityOf({ ...full, tags: Array.from({ length: 30 }, String) })).toBe(0.9);
    expect(qualityOf({ ...full, title: 'Ten chars!' })).toBe(0.9);
    expect(qualityOf({ ...full, title: 'x'.repeat(160) })).toBe(0.9);
    expect(qualityOf({ ...full, title: full.title.toUpperCase() })).toBe(0.9);
  });
});
