import DataLoader from 'dataloader';
import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { SubgraphRequest } from '#platform/graphql/subgraph.ts';
import type { Experiment } from './experiment.ts';
import { findExperiments, listRunningExperiments } from './experiment-store.ts';

/** What the resolvers of one operation share. */
export interface ExperimentsContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly database: Database;
  /** By key. A mutation clears what it changes. */
  readonly experiments: DataLoader<string, Experiment | null>;
  /** Read once per operation, so that all users of an answer are judged by the same experiments. */
  runningExperiments(): Promise<readonly Experiment[]>;
}

/** The context of one operation over `database`. */
export function createExperimentsContext(database: Database, request: SubgraphRequest): ExperimentsContext {
  let running: Promise<readonly Experiment[]> | null = null;
  return {
    ...request,
    database,
    experiments: new DataLoader((keys) => findExperiments(database, keys)),
    runningExperiments: () => (running ??= listRunningExperiments(database)),
  };
}
