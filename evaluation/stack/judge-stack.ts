import type { Candidate } from '../../subgraphs/feed/pipeline/component.ts';
import { servedDiversity } from '../../subgraphs/feed/pipeline.ts';
import { TagSets } from '../../subgraphs/feed/selectors/tag-sets.ts';
import type { Display } from '../../cli/import/display.ts';
import type { EvaluationSet } from '../metrics/evaluation-set.ts';
import type { Figures } from '../metrics/figures.ts';
import { intraListDiversity } from '../metrics/intra-list-diversity.ts';
import { judgeLists } from '../metrics/judge-lists.ts';
import { ScoreJudge, type Judgement } from '../metrics/judge-scorer.ts';
import { ForecastJudge } from './forecast-judge.ts';
import type { Stack } from './open-stack.ts';
import { capOrders, mmrOrders, selectorsOf, servedOrder, type Order } from './orders.ts';

/** How one order of the rankings does. */
export interface JudgedOrder {
  readonly name: string;
  readonly figures: Figures;
  /** How different the first 20 are by their tags, 0..1, for each user. */
  readonly diversity: Float64Array;
}

export interface JudgedStack {
  /** By the score alone: no exploration, no MMR, no caps. */
  readonly alone: Judgement;
  /** By the weighted sum alone, which stands in where no agent answers. */
  readonly sum: Judgement;
  readonly aloneDiversity: Float64Array;
  /** By the probability that the forecaster gives; null where there is none. */
  readonly forecast: Judgement | null;
  /** The order that is served first, then each of its parts. */
  readonly orders: readonly JudgedOrder[];
}

/** Users for whom it is checked that the pipeline's selector is the one that orders here vary. */
const checkedUsers = 50;

const orders: readonly Order[] = [servedOrder, ...mmrOrders, ...capOrders];

/** Ranks the candidates of every user by the product's own code and measures the rankings and other orders of them. */
export async function judgeStack(
  stack: Stack,
  set: EvaluationSet,
  heldOut: ReadonlyMap<string, ReadonlySet<string>>,
  display: Display,
): Promise<JudgedStack> {
  const { candidateIds, users } = set;
  const numbers = new Map(candidateIds.map((id, number) => [id, number]));
  const scores = new Float64Array(candidateIds.length);
  const judge = new ScoreJudge(set);
  const sumJudge = new ScoreJudge(set);
  const forecast = new ForecastJudge(stack, set);
  const tags = new TagSets();
  const aloneDiversity = new Float64Array(users.length);
  const lists = orders.map((order): { order: Order; items: string[][]; diversity: number[] } => ({
    order,
    items: [],
    diversity: [],
  }));
  display.begin('ranking', users.length);
  for (const [place, user] of users.entries()) {
    const excluded = new Set(user.excluded);
    const ids = candidateIds.filter((_, number) => !excluded.has(number));
    const { ranked, sums } = await stack.rank(user.userId, ids, (query, candidates) =>
      forecast.add(user, query, candidates),
    );
    scores.fill(0);
    for (const { id, score } of ranked) scores[numbers.get(id) ?? 0] = score;
    judge.add(user, scores);
    scores.fill(0);
    for (const [id, score] of sums) scores[numbers.get(id) ?? 0] = score;
    sumJudge.add(user, scores);
    aloneDiversity[place] = diversityOf(ranked, tags);
    if (place < checkedUsers) assertServedSelector(stack, ranked);
    for (const { order, items, diversity } of lists) {
      const selected = stack.select(ranked, selectorsOf(order));
      items.push(idsOf(selected.slice(0, 100)));
      diversity.push(diversityOf(selected, tags));
    }
    display.update(place + 1);
  }
  display.end();
  const heldOutOf = (place: number) => heldOut.get(users[place]?.userId ?? '') ?? new Set<string>();
  return {
    alone: judge.judgement(),
    sum: sumJudge.judgement(),
    aloneDiversity,
    forecast: forecast.judgement(),
    orders: lists.map(({ order, items, diversity }) => ({
      name: order.name,
      figures: judgeLists(
        items.map((list, place) => ({ items: list, heldOut: heldOutOf(place) })),
        { depth: 100, catalogueSize: candidateIds.length },
      ),
      diversity: Float64Array.from(diversity),
    })),
  };
}

function diversityOf(list: readonly Candidate[], tags: TagSets): number {
  return intraListDiversity(list.slice(0, 20).map(({ facts }) => tags.of(facts?.tags ?? [])));
}

/** @throws Error when the pipeline selects otherwise than the orders here start from. */
function assertServedSelector(stack: Stack, ranked: readonly Candidate[]): void {
  const own = selectorsOf({ name: 'served', options: servedDiversity });
  if (idsOf(stack.select(ranked, own)).join() === idsOf(stack.select(ranked)).join()) return;
  throw new Error(
    'subgraphs/feed/pipeline.ts selects otherwise than by the selector that evaluation/stack/orders.ts varies.',
  );
}

function idsOf(list: readonly Candidate[]): string[] {
  return list.map(({ id }) => id);
}
