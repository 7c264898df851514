import { seededRandom } from '../seeded-random.ts';
import type { ForecastCase, ForecastWorld } from './forecast-world.ts';
import type { HeldOutUser } from './read-held-out-choices.ts';

/** Items that a user has not chosen, for each user. */
const negativesPerUser = 50;

/**
 * Cases for where nobody has reported impressions: what was held out, among items that the user has not chosen, each as
 * likely as the others. Returns how much more probable it is that any such item is chosen than the cases have it, as what
 * is to be added to a logit (King and Zeng, "Logistic regression in rare events data", 2001).
 */
export function heldOutCases(
  world: ForecastWorld,
  users: readonly HeldOutUser[],
): { cases: ForecastCase[]; shift: number } {
  const random = seededRandom(3);
  let saved = 0;
  let sampled = 0;
  let unchosen = 0;
  const cases = users.flatMap(({ userId, choices, known, heldOut }): ForecastCase[] => {
    const there = [...heldOut].filter((id) => world.factsOf(id) !== null);
    const negatives = new Set<string>();
    for (let draw = 0; draw < negativesPerUser; draw++) {
      const id = world.ids[Math.floor(random() * world.ids.length)] ?? '';
      if (!known.has(id) && !heldOut.has(id)) negatives.add(id);
    }
    if (there.length === 0 || negatives.size === 0) return [];
    saved += there.length;
    sampled += negatives.size;
    unchosen += world.ids.length - known.size - there.length;
    return [
      {
        userId,
        now: choices[0]?.at ?? new Date(),
        choices,
        followedVendors: [],
        shown: [
          ...there.map((id) => ({ id, saved: true })),
          ...[...negatives].map((id) => ({ id, saved: false })),
        ],
      },
    ];
  });
  // ln((saved ÷ unchosen) ÷ (saved ÷ sampled)): the odds of the world over those of the cases.
  return { cases, shift: saved === 0 ? 0 : Math.log(sampled / Math.max(1, unchosen)) };
}
