import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { entry, publish, withdraw } from '../test/catalogue.ts';
import { anyVendor, refreshVendorPopularity } from './vendor-popularity.ts';

interface Popular {
  readonly vendor: string;
  readonly log2Weight: number;
}

const items = fc.array(
  fc.record({
    vendor: fc.constantFrom('v', 'w', 'x'),
    // Of today, when the sum of a week's halves is far beyond the range of numbers, and of long ago.
    log2Weight: fc.oneof(fc.double({ min: 2_900, max: 2_910, noNaN: true }), fc.constantFrom(0, 1_500)),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The mean weight of each vendor's items and of five more of average weight, and the average for vendors unknown. */
function naive(given: readonly Popular[]): Map<string, number> {
  const most = Math.max(...given.map(({ log2Weight }) => log2Weight));
  const weightsOf = (list: readonly Popular[]): number[] =>
    list.map(({ log2Weight }) => 2 ** (log2Weight - most));
  const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0);
  const average = sum(weightsOf(given)) / given.length;
  const known = [...new Set(given.map(({ vendor }) => vendor))].map((vendor): [string, number] => {
    const own = weightsOf(given.filter((item) => item.vendor === vendor));
    return [vendor, most + Math.log2((sum(own) + 5 * average) / (own.length + 5))];
  });
  return new Map([...known, [anyVendor, most + Math.log2(average)]]);
}

describe.each(databases)('the popularity of vendors on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const refreshed = async (given: readonly Popular[]): Promise<Map<string, number>> => {
    await database.prisma.feedContent.deleteMany();
    await database.prisma.feedPopularity.deleteMany();
    await publish(
      database,
      given.map(({ vendor }, index) => entry(`item-${index}`, { vendorId: vendor })),
    );
    await database.prisma.feedPopularity.createMany({
      data: given.map(({ log2Weight }, index) => ({ contentId: `item-${index}`, region: 'US', log2Weight })),
    });
    await refreshVendorPopularity(database);
    return stored();
  };
  const stored = async (): Promise<Map<string, number>> => {
    const rows = await database.prisma.feedVendorPopularity.findMany();
    return new Map(rows.map(({ vendorId, log2Weight }) => [vendorId, log2Weight]));
  };

  it('is the mean of its items, drawn towards that of all', async () => {
    await fc.assert(
      fc.asyncProperty(items, async (given) => {
        const found = await refreshed(given);
        const expected = naive(given);
        expect(new Set(found.keys())).toEqual(new Set(expected.keys()));
        for (const [vendor, log2Weight] of expected) expect(found.get(vendor)).toBeCloseTo(log2Weight, 6);
      }),
      { numRuns: 25 },
    );
  });

  it('counts what is there and somebody has touched, and is empty without', async () => {
    const given = [
      { vendor: 'v', log2Weight: 10 },
      { vendor: 'v', log2Weight: 4 },
      { vendor: 'w', log2Weight: 20 },
    ];
    await refreshed(given);
    await publish(database, [entry('untouched', { vendorId: 'x' })]);
    await withdraw(database, ['item-2']);
    await refreshVendorPopularity(database);
    const found = await stored();
    expect([...found.keys()].toSorted()).toEqual([anyVendor, 'v']);
    expect(found.get('v')).toBeCloseTo(naive(given.slice(0, 2)).get('v') ?? Number.NaN, 6);
    expect(await refreshed([])).toEqual(new Map());
  });
});
