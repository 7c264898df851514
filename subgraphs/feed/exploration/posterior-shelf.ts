import QuickLRU from 'quick-lru';
import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { Refresh } from '#platform/resilience/refresh.ts';
import type { ExplorationMetrics } from '#platform/telemetry/exploration-metrics.ts';
import { ArmEvidence, type ArmItem } from './arm-evidence.ts';
import type { Beta } from './beta.ts';
import { measureConvergence } from './measure-convergence.ts';
import { drawPosterior } from './posterior-draws.ts';
import { Posteriors } from './posteriors.ts';

export interface ShelfOptions {
  /** As in `RewardRules`. */
  readonly halfLifeMs: number | null;
  readonly clock: () => Date;
  /** Hears how far exploration has come, a moment after each reading; absent: nobody does. */
  readonly metrics?: Pick<ExplorationMetrics, 'show'>;
}

/** Posteriors stay as they were read for this long, in ms. */
const shelfLifeMs = 30 * 60_000;

/** Arms that are read at most, those of the latest impressions: some 100 bytes each. */
const mostArms = 500_000;

/** Arms whose draws are kept: 1 KB each. */
const mostDrawn = 20_000;

interface Row extends ArmItem {
  readonly segment: string;
  readonly trials: number;
  readonly successes: number;
}

/**
 * Posteriors of one reading with the draws that slots choose by; the same `version` gives the same draws in every process
 * that has read the same arms.
 */
export class ReadPosteriors {
  readonly version: string;
  readonly #posteriors: Posteriors;
  readonly #draws = new QuickLRU<string, Float32Array>({ maxSize: mostDrawn });

  constructor(version: string, posteriors: Posteriors) {
    this.version = version;
    this.#posteriors = posteriors;
  }

  of(segment: string, item: ArmItem): Beta {
    return this.#posteriors.of(segment, item);
  }

  /** Impressions of an item in `segment`, less what was forgotten. */
  trials(segment: string, id: string): number {
    return this.#posteriors.trials(segment, id);
  }

  /** Draws from the posterior of `item`, made once; null where they would have to be made and `mayDraw` is false. */
  drawsOf(segment: string, item: ArmItem, mayDraw: boolean): Float32Array | null {
    const key = `${segment}\0${item.id}`;
    const known = this.#draws.get(key);
    if (known !== undefined || !mayDraw) return known ?? null;
    const draws = drawPosterior(this.of(segment, item), `${this.version}\0${key}`);
    this.#draws.set(key, draws);
    return draws;
  }
}

/** Keeps posteriors in memory and reads them anew every half an hour, never for a request. */
export class PosteriorShelf {
  readonly #database: Database;
  readonly #refresh: Refresh;
  readonly #logger: Logger;
  readonly #options: ShelfOptions;
  #current: ReadPosteriors | null = null;
  #measuring: Promise<void> = Promise.resolve();
  #stopping = new AbortController();

  constructor(database: Database, logger: Logger, options: ShelfOptions) {
    this.#database = database;
    this.#logger = logger;
    this.#refresh = new Refresh(() => this.load(), {
      everyMs: shelfLifeMs,
      onFailure: (error) =>
        logger.warn({ err: error }, 'posteriors were not read; exploration goes on with those of before'),
    });
    this.#options = options;
  }

  /** Null until they were read for the first time: until then nothing is explored. */
  get current(): ReadPosteriors | null {
    return this.#current;
  }

  /** Reads them and goes on to do so. */
  start(): Promise<void> {
    this.#stopping = new AbortController();
    return this.#refresh.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#refresh.stop();
    await this.#measuring;
  }

  /** Reads them now. How far they have converged is measured behind that, in short turns. */
  async load(): Promise<void> {
    const now = this.#options.clock();
    const rows = await this.#database.read<Row>`
      SELECT a.segment, c.id, c.vendor_id AS "vendorId", c.category,
        a.trials * feed.left_after(a.as_of, ${now.toISOString()}::timestamptz, ${this.#options.halfLifeMs}::float8) AS trials,
        a.successes * feed.left_after(a.as_of, ${now.toISOString()}::timestamptz, ${this.#options.halfLifeMs}::float8)
          AS successes
      FROM (SELECT * FROM feed.arm ORDER BY as_of DESC, segment, content_id LIMIT ${mostArms}) a
      JOIN feed.content c ON c.id = a.content_id AND c.removed_at IS NULL`;
    const evidence = new ArmEvidence();
    for (const { segment, trials, successes, ...item } of rows) {
      evidence.add(segment, item, { trials, successes });
    }
    const read = new ReadPosteriors(`beta-thompson-1:${now.toISOString()}`, new Posteriors(evidence));
    this.#current = read;
    this.#measuring = this.#measuring.then(() => this.#measure(evidence, read));
  }

  async #measure(evidence: ArmEvidence, read: ReadPosteriors): Promise<void> {
    const { metrics } = this.#options;
    const { signal } = this.#stopping;
    if (metrics === undefined || signal.aborted) return;
    try {
      const { overall, segments } = await measureConvergence(evidence, read, signal);
      metrics.show(overall, segments);
    } catch (error) {
      if (!signal.aborted)
        this.#logger.warn({ err: error }, 'the convergence of exploration was not measured');
    }
  }
}
