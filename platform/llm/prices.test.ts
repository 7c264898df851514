import { describe, expect, it } from 'vitest';
import { pricesSchema, usageOf } from './prices.ts';

describe('pricesSchema', () => {
  it('reads dollars for a million tokens in and out, by model', () => {
    expect(pricesSchema.parse('gpt-4o-mini=0.15/0.6, org/other:7b=1/4')).toEqual(
      new Map([
        ['gpt-4o-mini', { input: 0.15, output: 0.6 }],
        ['org/other:7b', { input: 1, output: 4 }],
      ]),
    );
    for (const wrong of ['', 'small', 'small=1', 'small=-1/2', '=1/2', 'small=1/2;other=1/2', 'small=a/b']) {
      expect(pricesSchema.safeParse(wrong).success, wrong).toBe(false);
    }
  });
});

describe('usageOf', () => {
  it('is tokens times price', () => {
    expect(usageOf(2_000_000, 500_000, { input: 0.15, output: 0.6 }).usd).toBeCloseTo(0.6, 12);
    expect(usageOf(7, 3, undefined)).toEqual({ inputTokens: 7, outputTokens: 3, usd: 0 });
  });
});
