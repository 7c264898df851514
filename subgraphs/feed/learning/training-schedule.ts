import type { Database } from '#platform/database/database.ts';
import type { RemoteEmbedding } from '#platform/embedder/remote-embedding.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { usualRewards } from '../exploration/update-arms.ts';
import { trainForecaster } from './forecaster/train-forecaster.ts';
import { claimTraining, releaseTraining, type ModelName } from './model-version.ts';
import { trainTasteClusters } from './taste-clusters/train-taste-clusters.ts';
import { trainItemNeighbours } from './train-item-neighbours.ts';
import { trainItemVectors } from './train-item-vectors.ts';

/** Trains each model whenever it is due, one process at a time. */
export class TrainingSchedule {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #firstCheckMs: number;
  readonly #checkMs: number;
  readonly #remote: RemoteEmbedding | null;
  readonly #rewardWindowMs: number;
  readonly #onVectors: () => Promise<void>;
  #timer: NodeJS.Timeout | null = null;
  #training: Promise<void> | null = null;
  #stopping = new AbortController();

  /**
   * Looks after `firstCheckMs` ms and then every `checkMs` ms whether a training is due; `remote` embeds texts where it
   * is not null, the forecaster forecasts rewards by `rewardWindowMs` (`RewardRules.windowMs`), and `onVectors` is called
   * after a training of vectors.
   */
  constructor(
    database: Database,
    logger: Logger,
    {
      firstCheckMs = 0,
      checkMs = 60_000,
      remote = null,
      rewardWindowMs = usualRewards.windowMs,
      onVectors = () => Promise.resolve(),
    }: {
      firstCheckMs?: number;
      checkMs?: number;
      remote?: RemoteEmbedding | null;
      rewardWindowMs?: number;
      onVectors?: () => Promise<void>;
    } = {},
  ) {
    this.#database = database;
    this.#logger = logger;
    this.#firstCheckMs = firstCheckMs;
    this.#checkMs = checkMs;
    this.#remote = remote;
    this.#rewardWindowMs = rewardWindowMs;
    this.#onVectors = onVectors;
  }

  /** Begins to look. */
  start(): void {
    this.#stopping = new AbortController();
    this.#checkIn(this.#firstCheckMs);
  }

  /** Looks in a moment, because an event that asks for a training is about to be committed. */
  nudge(): void {
    if (this.#timer !== null) this.#checkIn(1_000);
  }

  /** Ends a training in progress, of which nothing is served. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#training;
  }

  #checkIn(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#training ??= this.#trainWhatIsDue().finally(() => {
        this.#training = null;
      });
      if (!this.#stopping.signal.aborted) this.#checkIn(this.#checkMs);
    }, delayMs).unref();
  }

  async #trainWhatIsDue(): Promise<void> {
    const { signal } = this.#stopping;
    await this.#trainIfDue('item-neighbours', () => trainItemNeighbours(this.#database, { signal }));
    await this.#trainIfDue('item-vectors', async () => {
      const trained = await trainItemVectors(this.#database, { remote: this.#remote, signal });
      await this.#onVectors();
      return trained;
    });
    await this.#trainIfDue('taste-clusters', () => trainTasteClusters(this.#database, { signal }));
    await this.#trainIfDue('forecaster', async () => {
      const { version, fitted } = await trainForecaster(this.#database, {
        signal,
        windowMs: this.#rewardWindowMs,
      });
      const { count, auc, ece } = fitted?.figures ?? { count: 0, auc: null, ece: null };
      return { version, basis: fitted?.basis ?? null, judged: count, auc, ece };
    });
  }

  async #trainIfDue(name: ModelName, train: () => Promise<object>): Promise<void> {
    try {
      if (this.#stopping.signal.aborted) return;
      if (!(await claimTraining(this.#database, name, this.#remote?.name))) return;
      try {
        this.#logger.info({ model: name, ...(await train()) }, 'a model was trained');
      } finally {
        await releaseTraining(this.#database, name);
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#logger.error({ err: error, model: name }, 'a model was not trained and will be again');
    }
  }
}
