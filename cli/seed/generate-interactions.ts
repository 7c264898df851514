import type { InteractionType } from '#platform/events/contracts.ts';
import type { ImportedInteraction } from '../../subgraphs/feed/import-interactions.ts';
import type { GeneratedContent } from './generate-catalogue.ts';
import type { Random } from './random.ts';
import { crafts, styles } from './vocabulary.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Tastes that people share: each favours two styles and three crafts. */
const tasteCount = 8;

interface GeneratedUser {
  readonly id: string;
  readonly region: string;
  readonly likedStyles: ReadonlySet<string>;
  readonly likedCategories: ReadonlySet<string>;
  /** Above 0; how often this person comes. */
  readonly activity: number;
}

/**
 * Exactly `count` interactions of `userCount` people over the `days` before `reference`, oldest first. People with
 * one taste choose alike, which is what collaborative filtering has to find. What somebody sees is drawn by
 * how much they like it; from a sight follow a view, a click and more with falling probability.
 */
export function generateInteractions(
  { count, userCount, days, reference }: { count: number; userCount: number; days: number; reference: Date },
  contents: readonly GeneratedContent[],
  random: Random,
): ImportedInteraction[] {
  const users = generateUsers(userCount, contents, random);
  const visitors = cumulate(users.map(({ activity }) => activity));
  const affinities = users.map((user) => contents.map((content) => affinity(user, content)));
  const choices = affinities.map((row) => cumulate(row));
  const chosen: { userIndex: number; contentIndex: number; type: InteractionType; at: number }[] = [];
  for (let visit = 0; chosen.length < count; visit++) {
    // Everybody comes once; then some come often.
    const userIndex = visit < users.length ? visit : drawIndex(visitors, random);
    const sights = 6 + random.below(15);
    const ageMs = (0.05 + random.next() * (days - 0.1)) * dayMs;
    let at = Math.round(reference.getTime() - ageMs);
    for (let sight = 0; sight < sights; sight++) {
      const contentIndex = drawIndex(choices[userIndex] ?? [], random);
      const published = contents[contentIndex]?.row.publishedAt.getTime() ?? 0;
      at += 1_000 + random.below(8_000);
      if (published > at) continue;
      const liking = Math.min(1, (affinities[userIndex]?.[contentIndex] ?? 0) / 12);
      for (const type of reactions(liking, random)) {
        chosen.push({ userIndex, contentIndex, type, at });
        at += 500 + random.below(minuteMs / 6);
      }
    }
  }
  return chosen
    .slice(0, count)
    .toSorted((a, b) => a.at - b.at)
    .map(({ userIndex, contentIndex, type, at }, index) => ({
      id: `seed-${index + 1}`,
      userId: users[userIndex]?.id ?? '',
      contentId: contents[contentIndex]?.row.id ?? '',
      type,
      occurredAt: new Date(at),
    }));
}

function generateUsers(
  count: number,
  contents: readonly GeneratedContent[],
  random: Random,
): GeneratedUser[] {
  const regions = [...new Set(contents.map(({ row }) => row.region))];
  const tastes = Array.from({ length: tasteCount }, () => ({
    styles: random.pickSome(styles, 2),
    categories: random.pickSome(crafts, 3).map(({ category }) => category),
  }));
  return Array.from({ length: count }, (_, index) => {
    const taste = random.pick(tastes);
    return {
      id: `user-${index + 1}`,
      region: random.pick(regions),
      likedStyles: new Set(random.chance(0.3) ? [...taste.styles, random.pick(styles)] : taste.styles),
      likedCategories: new Set(
        random.chance(0.3) ? [...taste.categories, random.pick(crafts).category] : taste.categories,
      ),
      activity: Math.exp(0.8 * random.normal()),
    };
  });
}

/** Above 0; people look mostly at what lies in their own country. */
function affinity(user: GeneratedUser, { row, style, appeal }: GeneratedContent): number {
  return (
    appeal *
    (user.likedStyles.has(style) ? 6 : 1) *
    (user.likedCategories.has(row.category) ? 4 : 1) *
    (user.region === row.region ? 1 : 0.08)
  );
}

/** What follows a sight, in order; `liking` is 0..1. */
function reactions(liking: number, random: Random): InteractionType[] {
  const types: InteractionType[] = ['IMPRESSION'];
  if (random.chance(0.004 + 0.01 * (1 - liking) ** 4)) return [...types, 'HIDE'];
  if (!random.chance(0.12 + 0.35 * liking)) return types;
  types.push('VIEW');
  if (!random.chance(0.25 + 0.35 * liking)) return types;
  types.push('CLICK');
  if (random.chance(0.1 + 0.35 * liking)) types.push('LIKE');
  if (random.chance(0.08 + 0.35 * liking)) types.push('SAVE');
  if (random.chance(0.05)) types.push('SHARE');
  if (random.chance(0.02 + 0.08 * liking)) types.push('INQUIRY');
  return types;
}

function cumulate(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += weight;
    sums[index] = sum;
  }
  return sums;
}

/** An index drawn in proportion to the weights behind `sums`. */
function drawIndex(sums: Float64Array | readonly number[], random: Random): number {
  const target = random.next() * (sums.at(-1) ?? 0);
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
