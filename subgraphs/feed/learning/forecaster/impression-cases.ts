import type { ForecastCase } from './forecast-world.ts';
import { choicesRead } from '../user-vector.ts';

/** Something that a user did; `at` in ms since 1970. */
export interface Act {
  readonly id: string;
  readonly type: string;
  readonly at: number;
}

export interface UserHistory {
  readonly userId: string;
  /** Impressions, and all that says that the user wants an item; the oldest first. */
  readonly acts: readonly Act[];
  readonly follows: readonly { readonly vendorId: string; readonly at: number }[];
}

/** Of which impressions cases are made. */
export interface CaseWindow {
  /** After this time up to the next, in ms since 1970. */
  readonly from: number;
  readonly until: number;
  /** As in `RewardRules`. */
  readonly windowMs: number;
}

const dayMs = 86_400_000;

const rewards = new Set(['SAVE', 'INQUIRY']);

/**
 * What a user was shown in the window, and what came of it: one case for each day and each
 * choice in between. What the user had chosen already is left out, as a feed leaves it out.
 */
export function impressionCases(
  { userId, acts, follows }: UserHistory,
  { from, until, windowMs }: CaseWindow,
): ForecastCase[] {
  const rewarded = Map.groupBy(
    acts.filter(({ type }) => rewards.has(type)),
    ({ id }) => id,
  );
  const isRewarded = ({ id, at }: Act): boolean =>
    rewarded.get(id)?.some((reward) => reward.at >= at && reward.at <= at + windowMs) === true;
  const wanted = acts.filter(({ type }) => type !== 'IMPRESSION');
  // In the order in which they were last chosen.
  const chosen = new Map<string, number>();
  let applied = 0;
  const cases: {
    key: string;
    now: number;
    shown: { id: string; saved: boolean }[];
    chosen: [string, number][];
  }[] = [];
  for (const act of acts) {
    if (act.type !== 'IMPRESSION' || act.at <= from || act.at > until) continue;
    for (let next = wanted[applied]; next !== undefined && next.at < act.at; next = wanted[++applied]) {
      chosen.delete(next.id);
      chosen.set(next.id, next.at);
    }
    if (chosen.has(act.id)) continue;
    const key = `${applied}:${Math.floor(act.at / dayMs)}`;
    if (cases.at(-1)?.key !== key) {
      cases.push({ key, now: act.at, shown: [], chosen: [...chosen].toReversed().slice(0, choicesRead) });
    }
    cases.at(-1)?.shown.push({ id: act.id, saved: isRewarded(act) });
  }
  return cases.map(({ now, shown, chosen: before }) => ({
    userId,
    now: new Date(now),
    choices: before.map(([id, at]) => ({ id, at: new Date(at) })),
    followedVendors: follows.filter(({ at }) => at <= now).map(({ vendorId }) => vendorId),
    shown,
  }));
}
