import { Random } from '../../cli/seed/random.ts';
import { additiveWorld } from '../../evaluation/worlds/additive.ts';
import { chiSquareSurvival } from '../../subgraphs/experiments/statistics/distributions.ts';
import { seededRandom } from '../../subgraphs/feed/learning/seeded-random.ts';
import { fillSlots } from '../../subgraphs/feed/exploration/fill-slots.ts';
import { Beliefs } from './learning-policy.ts';
import { armsOf, rankedOf, rules } from './slot-feed.ts';

export const replays = 100_000;

/** Impressions by chance from which the posteriors are: so few that many arms have a chance. */
const learnedFrom = 300;

/** A slot's replays against the propensities that it logs. */
export interface PropensityTest {
  readonly slot: string;
  readonly draws: number;
  readonly chiSquare: number;
  readonly degrees: number;
  readonly pValue: number;
}

/** Of cells with fewer expected, χ² knows nothing; they are put together. */
const leastExpected = 5;

/**
 * Fills the same feed 100,000 times, with the caps of a served one, and compares how often each arm got the first slot with
 * the propensities that were logged, and how often it got the second, after the arm that the first had most often.
 */
export function measurePropensities(seed: number): PropensityTest[] {
  const world = additiveWorld(seed);
  const beliefs = new Beliefs(world, { halfLife: null });
  const random = new Random(seed, 77);
  for (let round = 0; round < learnedFrom; round++) {
    const visitor = world.visitor(round);
    const arm = random.below(world.arms.length);
    beliefs.learn(visitor.segment, arm, random.chance(world.reward(round, visitor, arm)));
  }
  const arms = armsOf(world, beliefs.of(0), `propensities ${seed}`);
  const ranked = rankedOf(10);
  const uniform = seededRandom(seed);
  const first = new Map<string, Cell>();
  const second = new Map<string, Map<string, Cell>>();
  for (let replay = 0; replay < replays; replay++) {
    const [one, two] = fillSlots(ranked, arms, rules, uniform).filter(({ slot }) => slot !== null);
    if (one?.slot == null || two?.slot == null) throw new Error('The feed has two slots.');
    count(first, one.id, one.slot.propensity);
    const after = second.get(one.id) ?? new Map<string, Cell>();
    second.set(one.id, after);
    count(after, two.id, two.slot.propensity);
  }
  const [usual] = [...second].toSorted(([a], [b]) => (first.get(b)?.times ?? 0) - (first.get(a)?.times ?? 0));
  return [
    { slot: 'first', ...chiSquareOf(first) },
    { slot: 'second, after the usual first', ...chiSquareOf(usual?.[1] ?? new Map<string, Cell>()) },
  ];
}

interface Cell {
  times: number;
  readonly propensity: number;
}

function count(cells: Map<string, Cell>, id: string, propensity: number): void {
  const cell = cells.get(id) ?? { times: 0, propensity };
  if (cell.propensity !== propensity) throw new Error('The same state has logged another propensity.');
  cell.times++;
  cells.set(id, cell);
}

/** What was never drawn is a cell too: its propensity is what the others leave. */
function chiSquareOf(cells: ReadonlyMap<string, Cell>): Omit<PropensityTest, 'slot'> {
  const known = [...cells.values()];
  const draws = known.reduce((sum, { times }) => sum + times, 0);
  const left = 1 - known.reduce((sum, { propensity }) => sum + propensity, 0);
  const all = [...known, ...(left > 1e-9 ? [{ times: 0, propensity: left }] : [])];
  const isLarge = ({ propensity }: Cell): boolean => propensity * draws >= leastExpected;
  const small = all.filter((cell) => !isLarge(cell));
  const together = small.reduce(
    (sum, { times, propensity }) => ({ times: sum.times + times, propensity: sum.propensity + propensity }),
    { times: 0, propensity: 0 },
  );
  const tested = [...all.filter(isLarge), ...(together.propensity > 0 ? [together] : [])];
  const chiSquare = tested.reduce(
    (sum, { times, propensity }) => sum + (times - draws * propensity) ** 2 / (draws * propensity),
    0,
  );
  const degrees = tested.length - 1;
  return { draws, chiSquare, degrees, pValue: chiSquareSurvival(chiSquare, degrees) };
}
