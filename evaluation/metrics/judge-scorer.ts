import type { Scorer } from '../models/model.ts';
import type { EvaluationSet, JudgedUser } from './evaluation-set.ts';
import type { Figures } from './figures.ts';
import { TopRanked } from './top-ranked.ts';

/** What a model's rankings are worth; scores tell all of it. */
export interface Judgement extends Figures {
  readonly recallAt50: Float64Array;
  readonly ndcgAt100: Float64Array;
  readonly auc: Float64Array;
}

/** Places that are judged. */
const depth = 100;

/**
 * Ranks the candidates of every user by a model's scores and measures the rankings: `ranking-metrics.ts` over numbers
 * instead of ids, for thousands of users and tens of thousands of items in a second or two. Ties are broken as in
 * `rankCandidates`.
 */
export function judgeScorer(scorer: Scorer, set: EvaluationSet): Judgement {
  const scores = new Float64Array(set.candidateIds.length);
  const judge = new ScoreJudge(set);
  for (const user of set.users) {
    scores.fill(0);
    scorer(user, scores);
    judge.add(user, scores);
  }
  return judge.judgement();
}

/** The same for scores that come one user after the other, in the order of the set. */
export class ScoreJudge {
  readonly #judge: UserJudge;
  readonly #candidates: number;
  readonly #users: number;
  readonly #figures: Omit<Judgement, 'coverageAt20'>;
  #added = 0;

  constructor({ candidateIds, ties, users }: EvaluationSet) {
    this.#judge = new UserJudge(ties);
    this.#candidates = candidateIds.length;
    this.#users = users.length;
    const figures = (): Float64Array => new Float64Array(users.length);
    this.#figures = {
      recallAt20: figures(),
      recallAt50: figures(),
      ndcgAt20: figures(),
      ndcgAt100: figures(),
      auc: figures(),
    };
  }

  /** Ranks the candidates of the next user. */
  add(user: JudgedUser, scores: Float64Array): void {
    const { recallAt20, recallAt50, ndcgAt20, ndcgAt100, auc } = this.#figures;
    const number = this.#added++;
    this.#judge.read(user, scores);
    recallAt20[number] = this.#judge.recallAt(20);
    recallAt50[number] = this.#judge.recallAt(50);
    ndcgAt20[number] = this.#judge.ndcgAt(20);
    ndcgAt100[number] = this.#judge.ndcgAt(100);
    auc[number] = this.#judge.auc();
  }

  /** @throws Error while users of the set are missing. */
  judgement(): Judgement {
    if (this.#added !== this.#users) throw new Error(`${this.#added} of ${this.#users} users were judged.`);
    return { ...this.#figures, coverageAt20: this.#judge.shownInFirst20 / this.#candidates };
  }
}

const candidate = 0;
const excluded = 1;
const relevant = 2;

/** Discounts summed up: `gains[n]` is what n hits at the first n places gain. */
const gains = new Float64Array(depth + 1);
for (let place = 0; place < depth; place++) gains[place + 1] = (gains[place] ?? 0) + discount(place);

function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}

/** Judges one ranking at a time. */
class UserJudge {
  readonly #ties: Int32Array;
  readonly #roles: Uint8Array;
  readonly #shown: Uint8Array;
  readonly #top = new TopRanked(depth);
  /** Places of the hits among the first 100, ascending. */
  #hits: number[] = [];
  #heldOut = 0;
  #auc = 0;

  constructor(ties: Int32Array) {
    this.#ties = ties;
    this.#roles = new Uint8Array(ties.length);
    this.#shown = new Uint8Array(ties.length);
  }

  get shownInFirst20(): number {
    return this.#shown.reduce((sum, shown) => sum + shown, 0);
  }

  read(user: JudgedUser, scores: Float64Array): void {
    const roles = this.#roles.fill(candidate);
    for (const item of user.excluded) roles[item] = excluded;
    for (const item of user.relevant) roles[item] = relevant;
    for (let item = 0; item < scores.length; item++) {
      if (roles[item] !== excluded) this.#top.offer(item, scores[item] ?? 0, this.#ties[item] ?? 0);
    }
    this.#hits = [];
    for (const [place, item] of this.#top.take().ids.entries()) {
      if (place < 20) this.#shown[item] = 1;
      if (roles[item] === relevant) this.#hits.push(place);
    }
    this.#heldOut = user.heldOut;
    this.#auc = this.#compare(user.relevant, scores) / user.heldOut;
  }

  recallAt(k: number): number {
    return this.#hits.filter((place) => place < k).length / Math.min(k, this.#heldOut);
  }

  ndcgAt(k: number): number {
    let gain = 0;
    for (const place of this.#hits) if (place < k) gain += discount(place);
    return gain / (gains[Math.min(k, this.#heldOut)] ?? 0);
  }

  auc(): number {
    return this.#auc;
  }

  /** The sum over relevant items of the share of negatives that score lower, ties counted half. */
  #compare(items: Int32Array, scores: Float64Array): number {
    const own = Float64Array.from(items, (item) => scores[item] ?? 0).toSorted();
    // Negatives between own[n − 1] and own[n], and those equal to the first of a run of equals, own[n].
    const between = new Int32Array(own.length + 1);
    const equal = new Int32Array(own.length + 1);
    let negatives = 0;
    for (let item = 0; item < scores.length; item++) {
      if (this.#roles[item] !== candidate) continue;
      negatives++;
      const score = scores[item] ?? 0;
      const place = countBelow(own, score);
      const counted = own[place] === score ? equal : between;
      counted[place] = (counted[place] ?? 0) + 1;
    }
    let sum = 0;
    let below = 0;
    let ties = 0;
    for (const [place, score] of own.entries()) {
      // The equals of the run before are lower than this one.
      if (place > 0 && own[place - 1] !== score) {
        below += ties;
        ties = 0;
      }
      below += between[place] ?? 0;
      ties += equal[place] ?? 0;
      sum += below + ties / 2;
    }
    return negatives === 0 ? 0 : sum / negatives;
  }
}

/** How many of the sorted values are less than `score`. */
function countBelow(sorted: Float64Array, score: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}
