import type { Database } from '#platform/database/database.ts';
import { Reservoir } from '../reservoir.ts';
import { seededRandom } from '../seeded-random.ts';
import { leastChoices } from '../taste-clusters/taste-clusters.ts';
import { userChoices, type UserChoice } from '../user-choices.ts';
import { choicesRead } from '../user-vector.ts';

/** Users whose choices are held out at most. */
const sampleSize = 2_000;

/** The share of a user's choices that is held out, the latest. */
const heldOutShare = 0.2;

/** The latest choices of one user that count. */
const choicesPerUser = 1_000;

/** A user whose latest choices are to be forecast from those before. */
export interface HeldOutUser {
  readonly userId: string;
  /** The latest first, as many as count. */
  readonly choices: readonly UserChoice[];
  /** All that the user has chosen but for what is held out. */
  readonly known: ReadonlySet<string>;
  readonly heldOut: ReadonlySet<string>;
}

/** Holds out the latest choices of a sample of users with five choices or more; among choices of one time lots decide. */
export async function readHeldOutChoices(
  database: Database,
  signal: AbortSignal | undefined,
): Promise<readonly HeldOutUser[]> {
  const random = seededRandom(2);
  const reservoir = new Reservoir<HeldOutUser>(sampleSize, random);
  for await (const page of userChoices(database, { limit: choicesPerUser, signal })) {
    for (const { userId, choices } of page) {
      if (choices.length < leastChoices) continue;
      reservoir.offer(() => holdOut(userId, choices, random));
    }
  }
  return reservoir.sample;
}

function holdOut(userId: string, choices: readonly UserChoice[], random: () => number): HeldOutUser {
  const lots = new Map(choices.map(({ id }) => [id, random()]));
  const inOrder = choices.toSorted(
    (a, b) => b.at.getTime() - a.at.getTime() || (lots.get(a.id) ?? 0) - (lots.get(b.id) ?? 0),
  );
  const cut = Math.max(1, Math.floor(choices.length * heldOutShare));
  const kept = inOrder.slice(cut);
  return {
    userId,
    choices: kept.slice(0, choicesRead),
    known: new Set(kept.map(({ id }) => id)),
    heldOut: new Set(inOrder.slice(0, cut).map(({ id }) => id)),
  };
}
