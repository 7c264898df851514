import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkText, splitUnfinished, wordsOf } from './search-query.ts';

describe('checkText', () => {
  it('trims, folds accents and takes 1 to 200 characters', () => {
    expect(checkText('  Crème   brûlée\n')).toBe('Creme brulee');
    expect(checkText('x'.repeat(200))).toHaveLength(200);
    for (const text of ['', ' \t', 'x'.repeat(201), 'x'.repeat(1_000_000)])
      expect(() => checkText(text)).toThrow('200');
  });
});

describe('splitUnfinished', () => {
  it('splits off a plain last word', () => {
    expect(splitUnfinished('white pe')).toEqual({ head: 'white', word: 'pe' });
    expect(splitUnfinished('pe')).toEqual({ head: '', word: 'pe' });
    expect(splitUnfinished('"white rose" pe')).toEqual({ head: '"white rose"', word: 'pe' });
  });

  it('leaves quotations, exclusions, alternatives and signs alone', () => {
    for (const text of [
      '"white pe',
      'white -pe',
      'white or pe',
      'white OR',
      'white pe!',
      'it’s',
      '',
      '"a b"',
    ]) {
      expect(splitUnfinished(text)).toBeNull();
    }
  });

  it('gives letters and digits alone, and head and word make up the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (given) => {
        const text = given.replaceAll(/\s+/g, ' ').trim();
        const split = splitUnfinished(text);
        if (split === null) return;
        expect(split.word).toMatch(/^[\p{L}\p{N}]+$/u);
        expect(`${split.head} ${split.word}`.trim()).toBe(text);
      }),
    );
  });
});

describe('wordsOf', () => {
  it('gives at most 16 different words without operators', () => {
    expect(wordsOf('"Rose" OR -rose & lily:*')).toEqual(['rose', 'or', 'lily']);
    expect(wordsOf(Array.from({ length: 40 }, (_, index) => index).join(' '))).toHaveLength(16);
  });
});
