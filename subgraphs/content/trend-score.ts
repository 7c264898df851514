import type { InteractionType } from '#platform/events/contracts.ts';

/** How much one interaction says for an entry; HIDE and IMPRESSION say nothing for it. */
const trendWeights: Readonly<Record<InteractionType, number>> = {
  IMPRESSION: 0,
  VIEW: 1,
  CLICK: 2,
  LIKE: 4,
  SAVE: 6,
  SHARE: 6,
  INQUIRY: 10,
  HIDE: 0,
};

const halfLifeMs = 7 * 24 * 60 * 60 * 1000;
/** Any fixed moment does: it cancels out of every comparison. */
const landmarkMs = Date.UTC(2020, 0, 1);

/**
 * Returns log2 of the forward-decayed weight of one interaction, or null where it has none:
 * log2(weight · 2^((t − landmark) / half-life)). An entry's trend is log2 of the sum of these powers of two. As every term
 * grows with its own time and nothing shrinks with the clock, a stored sum stays in order for ever and takes a late
 * interaction as well as a new one. Forward decay: Cormode, Shkapenyuk, Srivastava and Xu, ICDE 2009.
 */
export function trendTerm(type: InteractionType, occurredAt: Date): number | null {
  const weight = trendWeights[type];
  return weight === 0 ? null : Math.log2(weight) + (occurredAt.getTime() - landmarkMs) / halfLifeMs;
}

/** Returns log2(2^a + 2^b) without leaving the range of a double; null stands for log2(0). */
export function logAdd2(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  if (b === null) return a;
  return Math.max(a, b) + Math.log2(1 + 2 ** -Math.abs(a - b));
}
