import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#platform/database/database.ts';
import type { Display } from '../../cli/import/display.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Evaluation } from '../metrics/evaluation-set.ts';
import { judgeLists } from '../metrics/judge-lists.ts';
import type { Split } from '../metrics/split-saves.ts';
import { askServer, servedLength, type ServedUser } from '../stack/ask-server.ts';
import { judgeStack, type JudgedStack } from '../stack/judge-stack.ts';
import { openStack } from '../stack/open-stack.ts';
import { trainStack, type TrainingCost } from '../stack/train-stack.ts';
import { withDatabase } from '../stack/with-database.ts';
import { judgeBaselines, type BaselineFit } from './judge-baselines.ts';
import type { Check, ServedResult, SetId, SetResult } from './set-result.ts';

/** A data set, split, and what is to be compared on it. */
export interface EvaluatedSet {
  readonly id: SetId;
  /** Its training part, to be imported. */
  readonly dataset: Dataset;
  readonly split: Split;
  readonly evaluation: Evaluation;
  readonly checks: readonly Check[];
  readonly ndcgDepth: 20 | 100;
  /** Whether feeds of a server are measured too. */
  readonly served: boolean;
  readonly baselines: readonly BaselineFit[];
}

/**
 * Imports and trains in a folder that is removed afterwards, ranks by what was trained, asks a server on the same
 * folder for feeds, then fits the baselines.
 */
export async function evaluateSet(set: EvaluatedSet, display: Display): Promise<SetResult> {
  const { id, split, evaluation, checks, ndcgDepth } = set;
  display.note(`${id}: ${split.training.length.toLocaleString('en')} pairs train`);
  const folder = mkdtempSync(join(tmpdir(), 'bouquet-evaluation-'));
  try {
    const dataDir = join(folder, 'data');
    const own = await withDatabase(dataDir, (database) => evaluateStack(database, set, { folder, display }));
    const served = set.served
      ? judgeServed(await askServer(dataDir, split, display), evaluation.set.candidateIds.length)
      : null;
    return {
      id,
      checks,
      ndcgDepth,
      users: split.heldOut.size,
      trainingPairs: split.training.length,
      heldOutPairs: [...split.heldOut.values()].reduce((sum, items) => sum + items.size, 0),
      candidates: evaluation.set.candidateIds.length,
      ...own,
      served,
      baselines: await judgeBaselines(set.baselines, evaluation, display),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function evaluateStack(
  database: Database,
  { dataset, evaluation, split }: EvaluatedSet,
  { folder, display }: { folder: string; display: Display },
): Promise<{ training: TrainingCost; stack: JudgedStack }> {
  const training = await trainStack(database, { dataset, folder, display });
  const stack = await openStack(database);
  try {
    return { training, stack: await judgeStack(stack, evaluation.set, split.heldOut, display) };
  } finally {
    await stack.close();
  }
}

function judgeServed(users: readonly ServedUser[], catalogueSize: number): ServedResult {
  const options = { depth: servedLength, catalogueSize };
  return {
    feeds: judgeLists(
      users.map(({ feed, heldOut }) => ({ items: feed.items, heldOut })),
      options,
    ),
    trending: judgeLists(
      users.map(({ trending, heldOut }) => ({ items: trending, heldOut })),
      options,
    ),
    sources: tally(users.flatMap(({ feed }) => feed.sources)),
    modes: tally(users.map(({ feed }) => feed.mode)),
    refusals: users.reduce((sum, { feed }) => sum + feed.refusals, 0),
    degraded: tally(users.flatMap(({ feed }) => feed.degraded)),
  };
}

function tally(values: readonly string[]): Map<string, number> {
  const groups = Map.groupBy(values, (value) => value);
  return new Map([...groups].map(([value, group]) => [value, group.length]));
}
