import { setImmediate } from 'node:timers/promises';
import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { usualRewards } from '../../exploration/update-arms.ts';
import { holdTraining, nextVersion, serveVersion } from '../model-version.ts';
import { seededRandom } from '../seeded-random.ts';
import type { TrainOptions } from '../train-item-neighbours.ts';
import { joined } from '../typed-array.ts';
import { caseFeatures } from './case-features.ts';
import { foldCount, type FittedForecaster, type ForecastRows } from './fit-forecaster.ts';
import type { ForecastCase, ForecastWorld } from './forecast-world.ts';
import { fitInThread } from './forecaster-task.ts';
import { heldOutCases } from './held-out-cases.ts';
import { learnPastWorld } from './past-world.ts';
import { readHeldOutChoices } from './read-held-out-choices.ts';
import { readImpressions } from './read-impressions.ts';

/** Below as many saves a forecaster would be a guess. */
const leastSaves = 50;

/** What forecasts were learned from. */
export type ForecastBasis =
  /** What users were shown, and whether they saved it. */
  | 'impressions'
  /** What users chose, among items that they did not: probabilities are of any item, not of one that is shown. */
  | 'choices';

export interface TrainedForecaster {
  readonly version: number;
  /** Null where there was too little to learn from; then there is no forecaster. */
  readonly fitted: (FittedForecaster & { readonly basis: ForecastBasis; readonly rows: number }) | null;
}

export interface ForecasterTraining extends Pick<TrainOptions, 'threads' | 'onProgress' | 'signal'> {
  /** As `RewardRules.windowMs`: what is rewarded is what is forecast. Absent: 24 hours. */
  readonly windowMs?: number;
}

/**
 * Trains the forecaster on the latest impressions, or where these are few on choices, writes it as a new version and serves
 * that from then on. Features come from models that know only what was before, which takes as long as training those.
 */
export async function trainForecaster(
  database: Database,
  {
    threads = 1,
    onProgress = () => undefined,
    signal,
    windowMs = usualRewards.windowMs,
  }: ForecasterTraining = {},
): Promise<TrainedForecaster> {
  const { version, positives } = await nextVersion(database, 'forecaster');
  const fitted = await fit(database, {
    threads,
    onProgress: (share) => onProgress(share, 1),
    signal,
    windowMs,
  });
  await inTransactionWithEvents(database, async (tx) => {
    if (fitted !== null) {
      await tx.feedForecaster.create({ data: { version, parameters: fitted.parameters } });
    }
    await serveVersion(tx, 'forecaster', { version, positives, method: 'deep' });
    await tx.feedForecaster.deleteMany({ where: { version: { lt: version } } });
    await appendEvent(tx, 'model.trained', { name: 'forecaster', version });
  });
  onProgress(1, 1);
  return { version, fitted };
}

interface FitOptions {
  readonly threads: number;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal | undefined;
  readonly windowMs: number;
}

async function fit(database: Database, options: FitOptions): Promise<TrainedForecaster['fitted']> {
  const { signal, onProgress } = options;
  const found = await findCases(database, options);
  if (found === null) return null;
  const { basis, world, cases, shift } = found;
  await holdTraining(database, 'forecaster');
  const rows = await rowsOf(world, cases, shift, (share) => onProgress(0.6 + 0.3 * share), signal);
  const fitted = await fitInThread(rows, { onProgress: () => undefined, signal });
  return { ...fitted, basis, rows: rows.labels.length };
}

interface FoundCases {
  readonly basis: ForecastBasis;
  readonly world: ForecastWorld;
  readonly cases: readonly ForecastCase[];
  readonly shift: number;
}

async function findCases(
  database: Database,
  { threads, onProgress, signal, windowMs }: FitOptions,
): Promise<FoundCases | null> {
  const learning = { threads, onProgress: (share: number) => onProgress(0.6 * share), signal };
  const impressions = await readImpressions(database, { windowMs, signal });
  if (impressions !== null && savesOf(impressions.cases) >= leastSaves) {
    const { from, cases } = impressions;
    const world = await learnPastWorld(database, { ...learning, isPast: (_user, _id, at) => at <= from });
    return { basis: 'impressions', world, cases, shift: 0 };
  }
  const users = await readHeldOutChoices(database, signal);
  const heldOut = new Map(users.map((user) => [user.userId, user.heldOut]));
  if (users.reduce((sum, user) => sum + user.heldOut.size, 0) < leastSaves) return null;
  const isPast = (userId: string, id: string): boolean => heldOut.get(userId)?.has(id) !== true;
  const world = await learnPastWorld(database, { ...learning, isPast });
  return { basis: 'choices', world, ...heldOutCases(world, users) };
}

function savesOf(cases: readonly ForecastCase[]): number {
  return cases.reduce((sum, { shown }) => sum + shown.filter(({ saved }) => saved).length, 0);
}

/** Features and labels of all cases, with turns for requests in between; a user's rows are in one fold. */
async function rowsOf(
  world: ForecastWorld,
  cases: readonly ForecastCase[],
  shift: number,
  onProgress: (share: number) => void,
  signal: AbortSignal | undefined,
): Promise<ForecastRows> {
  const random = seededRandom(4);
  const foldOf = new Map<string, number>();
  const features: Float64Array[] = [];
  const labels: number[] = [];
  const folds: number[] = [];
  for (const [number, entry] of cases.entries()) {
    await setImmediate();
    signal?.throwIfAborted();
    const fold = foldOf.get(entry.userId) ?? Math.floor(random() * foldCount);
    foldOf.set(entry.userId, fold);
    const shown = entry.shown.filter(({ id }) => world.factsOf(id) !== null);
    features.push(caseFeatures(world, { ...entry, shown }));
    for (const { saved } of shown) {
      labels.push(saved ? 1 : 0);
      folds.push(fold);
    }
    onProgress((number + 1) / cases.length);
  }
  return {
    features: joined(features, (length) => new Float64Array(length)),
    labels: Uint8Array.from(labels),
    folds: Uint8Array.from(folds),
    shift,
  };
}
