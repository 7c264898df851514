import type { Transaction } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { popularityWeights } from './interaction.ts';

/** A week-old interaction counts half. */
export const popularityHalfLifeMs = 7 * 86_400_000;

interface Touch {
  readonly contentId: string;
  readonly type: InteractionType;
  readonly occurredAt: Date;
}

/**
 * Adds interactions to the popularity of their items: forward decay (Cormode et al. 2009), kept as
 * log2 Σ weight · 2^(time / half-life), so that the order at any time is the order of the stored numbers and no
 * row is rewritten as time goes by.
 */
export async function addPopularity(tx: Transaction, touches: readonly Touch[]): Promise<void> {
  const sums = [...sumPopularity(touches)];
  if (sums.length === 0) return;
  // log2(2^a + 2^b) = max + log2(1 + 2^-|a - b|); 2^-1000 is nothing, and PostgreSQL refuses to underflow.
  // Ordered, so that two transactions lock rows in the same order.
  await tx.$executeRaw`
    INSERT INTO feed.popularity AS p (content_id, region, log2_weight)
    SELECT c.id, c.region, s.log2_weight
    FROM unnest(${sums.map(([id]) => id)}::text[], ${sums.map(([, sum]) => sum)}::float8[])
      AS s (content_id, log2_weight)
    JOIN feed.content c ON c.id = s.content_id
    ORDER BY c.id
    ON CONFLICT (content_id) DO UPDATE SET log2_weight =
      greatest(p.log2_weight, excluded.log2_weight)
      + ln(1 + power(2::float8, -least(abs(p.log2_weight - excluded.log2_weight), 1000))) / ln(2::float8)`;
}

/** log2 of each item's summed decayed weight; items whose interactions weigh nothing are left out. */
export function sumPopularity(touches: readonly Touch[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { contentId, type, occurredAt } of touches) {
    const weight = popularityWeights[type];
    if (weight === 0) continue;
    const log2Weight = Math.log2(weight) + occurredAt.getTime() / popularityHalfLifeMs;
    const sum = sums.get(contentId);
    sums.set(contentId, sum === undefined ? log2Weight : addLog2(sum, log2Weight));
  }
  return sums;
}

/** log2(2^a + 2^b) without leaving the range of numbers. */
function addLog2(a: number, b: number): number {
  return Math.max(a, b) + Math.log2(1 + 2 ** -Math.abs(a - b));
}
