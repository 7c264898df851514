import { indexPairs } from '../models/index-pairs.ts';
import type { Profile, Training } from '../models/model.ts';
import type { ColdSplit } from './split-cold-items.ts';
import type { Split } from './split-saves.ts';
import { tieOrder } from './tie-order.ts';

/** One user whose ranking is judged. Candidates are named by their numbers. */
export interface JudgedUser extends Profile {
  /** Candidates that are not shown, as the user has them. */
  readonly excluded: Int32Array;
  /** Held-out items that are candidates. */
  readonly relevant: Int32Array;
  /** Held-out items, those included that no model can find. */
  readonly heldOut: number;
}

export interface EvaluationSet {
  /** The id of each candidate number. */
  readonly candidateIds: readonly string[];
  /** The place of each candidate among those of equal score. */
  readonly ties: Int32Array;
  readonly users: readonly JudgedUser[];
}

export interface Evaluation {
  readonly training: Training;
  readonly set: EvaluationSet;
}

const none = new Int32Array(0);

/** Every item with a training pair is a candidate, except for the users who have it. */
export function warmEvaluation(split: Split): Evaluation {
  const { training, itemNumbers, itemsOf } = indexPairs(split.training);
  const users = [...split.heldOut].map(([userId, heldOut]) => ({
    userId,
    items: itemsOf(userId),
    excluded: itemsOf(userId),
    relevant: numbersOf(heldOut, itemNumbers),
    heldOut: heldOut.size,
  }));
  return { training, set: { candidateIds: training.itemIds, ties: tieOrder(training.itemIds), users } };
}

/** Every hidden item is a candidate for everybody. */
export function coldEvaluation(split: ColdSplit): Evaluation {
  const { training, itemsOf } = indexPairs(split.training);
  const candidateIds = [...split.hidden].toSorted((a, b) => Number(a) - Number(b));
  const candidates = new Map(candidateIds.map((itemId, number) => [itemId, number]));
  const users = [...split.heldOut].map(([userId, heldOut]) => ({
    userId,
    items: itemsOf(userId),
    excluded: none,
    relevant: numbersOf(heldOut, candidates),
    heldOut: heldOut.size,
  }));
  return { training, set: { candidateIds, ties: tieOrder(candidateIds), users } };
}

function numbersOf(itemIds: Iterable<string>, numbers: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from([...itemIds].flatMap((itemId) => numbers.get(itemId) ?? []));
}
