import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatApiKey, hashSecret, newKeyId, newSecret, parseApiKey } from './api-key.ts';

describe('API keys', () => {
  it('are read back, and are never the same', () => {
    const made = Array.from({ length: 200 }, () => ({ id: newKeyId(), secret: newSecret() }));
    for (const key of made) {
      expect(formatApiKey(key)).toMatch(/^bq_live_[0-9A-Za-z]{11}_[0-9A-Za-z]{49}$/);
      expect(parseApiKey(formatApiKey(key))).toEqual(key);
    }
    expect(new Set(made.map(({ id }) => id)).size).toBe(200);
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(200);
  });

  it('are known as mistyped by any one character, two swapped, or a cut', () => {
    const text = formatApiKey({ id: newKeyId(), secret: newSecret() });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(text[at] !== character);
        expect(parseApiKey(text.slice(0, at) + character + text.slice(at + 1))).toBeNull();
        expect(parseApiKey(text.slice(0, at))).toBeNull();
      }),
    );
    const swapped = Array.from(
      text.slice(1),
      (next, at) => `${text.slice(0, at)}${next}${text[at]}${text.slice(at + 2)}`,
    );
    for (const other of swapped.filter((candidate) => candidate !== text))
      expect(parseApiKey(other)).toBeNull();
    for (const wrong of ['', 'bq_live_', ` ${text}`, `${text}\n`, text.toUpperCase()]) {
      expect(parseApiKey(wrong)).toBeNull();
    }
  });

  it('are stored as SHA-256', () => {
    expect(hashSecret('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
