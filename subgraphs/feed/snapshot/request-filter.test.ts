import { describe, expect, it } from 'vitest';
import { pageSize, parseFilter } from './request-filter.ts';

const badUserInput: unknown = expect.objectContaining({ code: 'BAD_USER_INPUT' });
const everything = { categories: [], regions: [], tags: [], vendorIds: null, minQuality: 0 };

describe('parseFilter', () => {
  it('takes what is absent, null or empty for no wish', () => {
    for (const filter of [null, undefined, {}, { categories: null, minQuality: null }, { regions: [] }]) {
      expect(parseFilter(filter, null)).toEqual(everything);
    }
  });

  it('keeps what is asked for, each entry once', () => {
    const filter = {
      categories: ['florals', 'venues', 'florals'],
      regions: ['US', 'FR', 'US'],
      tags: ['dry-flowers-2', 'x'],
      vendorIds: ['Vendor 1', 'é'],
      minQuality: 1,
    };
    expect(parseFilter(filter, null)).toEqual({
      ...filter,
      categories: ['florals', 'venues'],
      regions: ['US', 'FR'],
    });
  });

  it.each([
    { categories: ['Florals'] },
    { categories: [''] },
    { categories: ['x'.repeat(101)] },
    { categories: ['a--b'] },
    { categories: ['a-'] },
    { regions: ['us'] },
    { regions: ['USA'] },
    { regions: ['US\n'] },
    { tags: ['two words'] },
    { tags: ["'; drop table"] },
    { vendorIds: [''] },
    { vendorIds: ['x'.repeat(129)] },
    { vendorIds: ['nul\0'] },
    { vendorIds: ['\uD800'] },
    { minQuality: -0.1 },
    { minQuality: 1.1 },
    { minQuality: Number.NaN },
  ])('refuses $categories$regions$tags$vendorIds$minQuality', (filter) => {
    expect(() => parseFilter(filter, null)).toThrow(badUserInput);
  });

  it('takes 100 entries of a kind and refuses 101', () => {
    const tags = Array.from({ length: 101 }, (_, index) => `tag-${index}`);
    expect(parseFilter({ tags: tags.slice(1) }, null).tags).toHaveLength(100);
    expect(() => parseFilter({ tags }, null)).toThrow('at most 100');
  });
});

describe('parseFilter for a key that is bound to a vendor', () => {
  it('asks for that vendor, and for none where another is named', () => {
    expect(parseFilter(null, 'mine').vendorIds).toEqual(['mine']);
    expect(parseFilter({ vendorIds: ['other', 'mine'] }, 'mine').vendorIds).toEqual(['mine']);
    expect(parseFilter({ vendorIds: ['other'] }, 'mine').vendorIds).toEqual([]);
  });
});

describe('pageSize', () => {
  it('is from 1 to 100', () => {
    expect([1, 20, 100].map((first) => pageSize(first))).toEqual([1, 20, 100]);
    for (const first of [0, -1, 101, 2 ** 31 - 1]) expect(() => pageSize(first)).toThrow(badUserInput);
  });
});
