import type { Database } from '#platform/database/database.ts';

/** Stands for vendors of whom nothing is known; no vendor's id is empty. */
export const anyVendor = '';

/** Items of average popularity that every vendor is thought to have besides its own, so that few items prove little. */
const pseudoItems = 5;

/**
 * Computes anew how popular the items of each vendor are on average, which stands in for the popularity of its items
 * that nobody has touched yet, and the average of all for vendors of whom nothing is known. Weights are relative to the
 * most popular item, so that nothing leaves the range of numbers.
 */
export async function refreshVendorPopularity(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.feedVendorPopularity.deleteMany();
    await tx.$executeRaw`
      WITH most AS (SELECT max(log2_weight) AS log2_weight FROM feed.popularity),
      item AS (
        SELECT c.vendor_id, power(2::float8, greatest(p.log2_weight - most.log2_weight, -1000)) AS weight
        FROM most, feed.popularity p JOIN feed.content c ON c.id = p.content_id
        WHERE c.removed_at IS NULL
      ),
      average AS (SELECT avg(weight) AS weight FROM item)
      INSERT INTO feed.vendor_popularity (vendor_id, log2_weight)
      SELECT item.vendor_id,
        most.log2_weight + ln(
          (sum(item.weight) + ${pseudoItems} * average.weight) / (count(*) + ${pseudoItems})
        ) / ln(2::float8)
      FROM item, average, most
      GROUP BY item.vendor_id, average.weight, most.log2_weight
      UNION ALL
      SELECT ${anyVendor}::text, most.log2_weight + ln(average.weight) / ln(2::float8)
      FROM average, most WHERE average.weight IS NOT NULL`;
  });
}
