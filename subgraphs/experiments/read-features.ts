import type { Database } from '#platform/database/database.ts';
import { listLiveExperiments, readChangedAt } from './experiment-store.ts';
import { featuresOf, type Features } from './features.ts';

/** The features at one moment. */
export interface FeatureSet {
  readonly features: Features;
  /** When they last changed: another for each change, and never an earlier one. */
  readonly changedAt: Date;
}

/** Attempts to read between two changes; there are a handful of changes a day. */
const maxAttempts = 5;

/**
 * The features of the experiments that run or are shipped, as of one moment; null where nothing has changed since `known`.
 * @throws Error where experiments change all the time.
 */
export async function readFeatures(database: Database, known: Date | null): Promise<FeatureSet | null> {
  let changedAt = await readChangedAt(database);
  if (changedAt.getTime() === known?.getTime()) return null;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const experiments = await listLiveExperiments(database);
    const changedSince = await readChangedAt(database);
    // An SDK takes features for those that it has when the time is the same: what is newer must not go by an older one.
    if (changedSince.getTime() === changedAt.getTime())
      return { features: featuresOf(experiments), changedAt };
    changedAt = changedSince;
  }
  throw new Error('The experiments changed while they were read, time and again.');
}
