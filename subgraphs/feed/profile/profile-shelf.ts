import { handleAll } from 'cockatiel';
import QuickLRU from 'quick-lru';
import type { Database } from '#platform/database/database.ts';
import { RequestError } from '#platform/errors/request-error.ts';
import type { Platform } from '#platform/graphql/subgraph.ts';
import { createBreaker } from '#platform/resilience/circuit-breaker.ts';
import { Refresh } from '#platform/resilience/refresh.ts';
import { withPatience } from '#platform/resilience/with-patience.ts';
import { readProfiles, type Profile } from './profile.ts';

/** Profiles that are remembered; twice as many at most. */
const usualMaxProfiles = 100_000;

/** How often profiles that others have changed are looked for, in ms. */
const refreshMs = 60_000;

/** Changes are looked for so far back from the newest known, in ms: a later one may have been committed first. */
const overlapMs = 60_000;

const nothing: Profile = { region: null, locale: null };

export interface ProfileShelfOptions {
  /** What the database may take for a read, in ms. */
  readonly deadlineMs: number;
  readonly maxProfiles?: number;
}

interface Row extends Profile {
  readonly subject: string;
  readonly updatedAt: Date;
}

/**
 * Profiles from the database, and from memory while that fails or is late: a feed must keep to its user's region then too.
 * All of them are read at the start, as long as there are fewer than 100,000.
 */
export class ProfileShelf {
  readonly #database: Database;
  readonly #refresh: Refresh;
  readonly #deadlineMs: number;
  readonly #breaker = createBreaker(handleAll);
  readonly #maxProfiles: number;
  readonly #known: QuickLRU<string, Profile>;
  #newest = new Date(0);
  /** Whether somebody who is not known has no profile. */
  #isComplete = false;

  constructor(
    { database, logger, telemetry }: Pick<Platform, 'database' | 'logger' | 'telemetry'>,
    { deadlineMs, maxProfiles = usualMaxProfiles }: ProfileShelfOptions,
  ) {
    this.#database = database;
    this.#refresh = new Refresh(() => this.load(), {
      everyMs: refreshMs,
      onFailure: (error) => logger.warn({ err: error }, 'profiles were not read and will be again'),
    });
    this.#deadlineMs = deadlineMs;
    this.#maxProfiles = maxProfiles;
    this.#known = new QuickLRU({ maxSize: maxProfiles });
    telemetry.watchBreaker('profiles', this.#breaker);
  }

  /**
   * The profiles of `subjects` in their order, empty ones for those who have none; an Error for whoever may have one that
   * cannot be read.
   */
  async read(subjects: readonly string[]): Promise<(Profile | Error)[]> {
    try {
      const profiles = await this.#breaker.execute(() =>
        withPatience(this.#deadlineMs, () => readProfiles(this.#database, subjects)),
      );
      for (const [index, profile] of profiles.entries()) this.#remember(subjects[index] ?? '', profile);
      return profiles;
    } catch {
      return subjects.map((subject) => this.#known.get(subject) ?? (this.#isComplete ? nothing : unknown()));
    }
  }

  /** Forgets somebody's profile. */
  forget(subject: string): void {
    this.#known.delete(subject);
  }

  /** Forgets every profile, and reads them again. */
  async forgetAll(): Promise<void> {
    this.#known.clear();
    this.#isComplete = false;
    this.#newest = new Date(0);
    await this.load();
  }

  /** Reads them now, and in the background every minute those that have changed. */
  start(): Promise<void> {
    return this.#refresh.start();
  }

  stop(): Promise<void> {
    return this.#refresh.stop();
  }

  /** Reads what has changed since the last call. */
  async load(): Promise<void> {
    const isWhole = this.#newest.getTime() === 0;
    const since = new Date(this.#newest.getTime() - overlapMs);
    const rows = await this.#database.read<Row>`
      SELECT p.subject, p.region, p.locale, p.updated_at AS "updatedAt" FROM feed.profile p
      WHERE p.updated_at >= ${since} ORDER BY p.updated_at DESC LIMIT ${this.#maxProfiles + 1}`;
    if (isWhole) this.#isComplete = true;
    for (const { subject, region, locale } of rows.toReversed()) this.#remember(subject, { region, locale });
    this.#newest = rows[0]?.updatedAt ?? this.#newest;
  }

  #remember(subject: string, profile: Profile): void {
    if (profile.region === null && profile.locale === null) this.#known.delete(subject);
    else this.#known.set(subject, profile);
    // From here on some may have gone; only a load of all of them can tell that they have not.
    if (this.#known.size >= this.#maxProfiles) this.#isComplete = false;
  }
}

function unknown(): RequestError {
  return new RequestError(
    'DEPENDENCY_UNAVAILABLE',
    'Your profile cannot be read, so your region is not known. Name it by `filter.regions`, or try again in a moment.',
  );
}
