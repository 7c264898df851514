import { describe, expect, it } from 'vitest';
import { tokenise } from './tokenise.ts';

describe('tokenise', () => {
  it.each([
    ['Rustic BARN, 2026!', ['rustic', 'barn', '2026']],
    ['boho-chic_wedding', ['boho-chic_wedding', 'boho', 'chic', 'wedding']],
    ['Fleurs séchées à l’Été', ['fleur', 'sechee', 'ete']],
    ['Αθήνα йога', ['αθηνα', 'иога']],
    ['हिन्दी शादी', ['हिन्दी', 'शादी']],
    ['東京の結婚式', ['東京', '京の', 'の結', '結婚', '婚式']],
    ['桜 wedding式', ['桜', '式', 'wedding']],
    ['ﬁne １２', ['fine', '12']],
    ['a'.repeat(65), []],
    ['', []],
  ])('%s', (text, tokens) => {
    expect(tokenise(text)).toEqual(tokens);
  });

  it.each([
    ['venues', 'venue'],
    ['parties', 'party'],
    ['dresses', 'dress'],
    ['arches', 'arch'],
    ['boxes', 'box'],
    ['trees', 'tree'],
    ['shoes', 'shoe'],
    ['cars', 'car'],
    ['pies', 'pie'],
    ['wedding-cakes', 'wedding-cake'],
  ])('makes %s and %s one', (plural, singular) => {
    expect(tokenise(plural)[0]).toBe(singular);
    expect(tokenise(singular)[0]).toBe(singular);
  });

  it('makes cookies and cookie one', () => {
    expect(tokenise('cookies')).toEqual(tokenise('cookie'));
  });

  it.each(['glass', 'cactus', 'gas', 'canvas'])('leaves %s as it finds it, the same twice', (word) => {
    const [once = ''] = tokenise(word);
    expect(tokenise(word)).toEqual([once]);
    expect(word.startsWith(once)).toBe(true);
  });
});
