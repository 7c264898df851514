import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryText, longestEntryText } from './entry-text.ts';

const entry = {
  title: 'A barn',
  description: 'Hay and\n lanterns.',
  category: 'venues',
  tags: ['rustic', 'barn-door'],
};

describe('entryText', () => {
  it('has a line for each thing that the entry has', () => {
    expect(entryText({ ...entry, vendorName: 'Oak & Co' })).toBe(
      'A barn\nvenues\nrustic, barn-door\nOak & Co\nHay and lanterns.',
    );
    expect(entryText({ ...entry, title: ' ', tags: [], description: '' })).toBe('venues');
  });

  it('cuts the description at the end of a word, and too many tags between two', () => {
    const text = entryText({
      ...entry,
      tags: Array.from({ length: 50 }, (_, index) => `tag-number-${index + 10}`),
      description: 'word '.repeat(2_000),
    });
    expect(text.length).toBeLessThanOrEqual(longestEntryText);
    expect(text).toMatch(/tag-number-\d\d\nword (word )+word$/);
  });

  it('is bounded and well-formed, whatever the entry says', () => {
    const words = fc.string({ unit: 'binary', maxLength: 300 });
    const long = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6_000, size: 'max' }),
      fc.nat(3).map((offset) => ' '.repeat(offset) + 'a'.repeat(offset) + '🌸'.repeat(3_000)),
    );
    const entries = fc.record({
      title: words,
      description: long,
      category: words,
      tags: fc.array(words, { maxLength: 50 }),
      vendorName: fc.option(words, { nil: undefined }),
    });
    fc.assert(
      fc.property(entries, (any) => {
        const text = entryText(any);
        expect(text.length).toBeLessThanOrEqual(longestEntryText);
        expect(text.isWellFormed()).toBe(true);
        expect(text).toBe(entryText(any));
        expect(text.split('\n').every((line) => line === line.trim())).toBe(true);
      }),
    );
  });
});
