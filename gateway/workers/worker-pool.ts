import type { Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from '#platform/logging/logger.ts';
import type { ConnectionAcceptor } from './connection-acceptor.ts';
import { workerForks, type ForkedWorker, type ForkWorker } from './fork-worker.ts';
import type { MetricFamilies } from './metric-families.ts';
import { answerWorkers, askWorker } from './primary-channel.ts';
import { RespawnBackoff } from './respawn-backoff.ts';
import { SpareWorkers } from './spare-workers.ts';
import {
  drain,
  stopAccepting,
  takePlace,
  workerFailed,
  workerLeaving,
  workerMetrics,
  workerReady,
} from './worker-questions.ts';

export interface WorkerPoolOptions {
  readonly count: number;
  /** Processes that stand by for a worker that dies. */
  readonly spares: number;
  readonly acceptor: ConnectionAcceptor;
  /** Variables that the workers get besides those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/** No worker could start. The message is what the first one said about it, for a person; it holds no secret. */
class WorkerStartError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2) {
    super(message);
    this.name = 'WorkerStartError';
    this.exitCode = exitCode;
  }
}

/** What one worker says of itself, or null where it did not answer in time. */
export interface WorkerReport {
  readonly worker: number;
  readonly restarts: number;
  readonly metrics: MetricFamilies | null;
}

interface Place {
  readonly number: number;
  readonly backoff: RespawnBackoff;
  worker: Worker | null;
  isReady: boolean;
  restarts: number;
  timer: NodeJS.Timeout | undefined;
}

/** Workers that end before they are ready, without a word why, until the start is given up. */
const silentDeaths = 3;

/** Longer than a subgraph waits for its gateway to be quiet. */
const stopAcceptingMs = 6_000;

/** The 10 s of requests in flight, and time to write out what is in hand. */
const drainMs = 15_000;

/** What a process that is prepared takes to note its place; one that takes longer hangs. */
const takePlaceMs = 5_000;

/** A worker that takes longer to tell its metrics counts as not answering. */
const metricsMs = 1_000;

/** The worker processes of this server, each in a place that is filled again when its worker dies. Runs in the primary. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #places: readonly Place[];
  readonly #forkWorker: ForkWorker;
  readonly #spares: SpareWorkers;
  readonly #firstReady = Promise.withResolvers<void>();
  readonly #allReady = Promise.withResolvers<void>();
  /** A worker has been ready: from then on one that cannot start is tried again and again. */
  #hasStarted = false;
  #deathsBeforeReady = 0;
  #isStopping = false;

  constructor(options: WorkerPoolOptions) {
    const { environment, logger } = options;
    this.#options = options;
    this.#forkWorker = workerForks(environment, logger);
    this.#spares = new SpareWorkers({ count: options.spares, fork: this.#forkWorker, logger });
    this.#places = Array.from({ length: options.count }, (_, number) => ({
      number,
      backoff: new RespawnBackoff(),
      worker: null,
      isReady: false,
      restarts: 0,
      timer: undefined,
    }));
    answerWorkers(workerReady, ({ worker }) => this.#onReady(worker));
    answerWorkers(workerLeaving, ({ worker }) => this.#onLeaving(worker));
    answerWorkers(workerFailed, ({ id, message, exitCode }) => {
      const place = this.#places.find(({ worker }) => worker?.id === id);
      if (this.#hasStarted)
        logger.error({ worker: place?.number ?? 'spare', reason: message }, 'a worker could not start');
      else this.#firstReady.reject(new WorkerStartError(message, exitCode));
      return null;
    });
  }

  /** Resolves when all workers have been ready. */
  get allReady(): Promise<void> {
    return this.#allReady.promise;
  }

  /** How many workers take connections. */
  get readyCount(): number {
    return this.#places.filter(({ isReady }) => isReady).length;
  }

  /** How many spares could take a place at once. */
  get spareCount(): number {
    return this.#spares.preparedCount;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Starts the workers; returns when the first of them takes connections. @throws WorkerStartError when none can. */
  async start(): Promise<void> {
    for (const place of this.#places) this.#fill(place, this.#forkWorker());
    try {
      await this.#firstReady.promise;
    } catch (error) {
      this.#isStopping = true;
      await Promise.all(this.#places.map((place) => this.#end(place)));
      throw error;
    }
  }

  /** Asks every worker for its metrics. */
  reports(): Promise<WorkerReport[]> {
    return Promise.all(
      this.#places.map(async ({ number, worker, isReady, restarts }) => {
        const asked = worker === null || !isReady ? null : askWorker(worker, workerMetrics, null, metricsMs);
        return { worker: number, restarts, metrics: (await asked?.catch(() => null)) ?? null };
      }),
    );
  }

  /** Ends all workers: each answers what is in flight, and what is still there after some 20 s is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const sparesEnded = this.#spares.stop();
    // All of them first: else who is sent away by one would come to another that is about to end.
    await Promise.all(
      this.#places.map(async ({ worker, isReady }) => {
        if (worker !== null && isReady)
          await askWorker(worker, stopAccepting, null, stopAcceptingMs).catch(() => undefined);
      }),
    );
    await this.#options.acceptor.close();
    await Promise.all([sparesEnded, ...this.#places.map((place) => this.#end(place))]);
  }

  /** Gives `place` to a process, which prepares itself first if it has not. */
  #fill(place: Place, { worker, prepared }: ForkedWorker): void {
    place.backoff.started();
    place.worker = worker;
    worker.once('exit', (code: number, signal: string | null) =>
      this.#onExit(place, worker, { code, signal }),
    );
    void prepared
      .then(() => askWorker(worker, takePlace, { worker: place.number }, takePlaceMs))
      .catch(() => worker.process.kill('SIGKILL'));
  }

  #onReady(number: number): null {
    const place = this.#places[number];
    if (place === undefined || place.worker === null) return null;
    place.isReady = true;
    this.#options.acceptor.add(place.worker);
    this.#hasStarted = true;
    this.#firstReady.resolve();
    if (this.readyCount === this.#places.length) this.#onAllReady();
    return null;
  }

  /** Not before, so that spares take no processor time from workers that start. */
  #onAllReady(): void {
    this.#allReady.resolve();
    this.#spares.fill();
  }

  #onLeaving(number: number): null {
    const worker = this.#places[number]?.worker ?? null;
    if (worker !== null) this.#options.acceptor.remove(worker, { hasDied: false });
    return null;
  }

  #onExit(place: Place, worker: Worker, how: { code: number; signal: string | null }): void {
    place.worker = null;
    place.isReady = false;
    this.#options.acceptor.remove(worker, { hasDied: true });
    if (this.#isStopping) return;
    if (!this.#hasStarted && ++this.#deathsBeforeReady >= silentDeaths) {
      const end = how.signal ?? `exit code ${how.code}`;
      this.#firstReady.reject(
        new WorkerStartError(
          `the workers end (${end}) before they can answer; LOG_LEVEL=debug may say why.`,
          1,
        ),
      );
    }
    const delayMs = Math.round(place.backoff.died());
    this.#options.logger.error(
      { worker: place.number, workerPid: worker.process.pid, ...how, delayMs },
      'a worker ended and is replaced',
    );
    place.restarts++;
    place.timer = setTimeout(() => this.#fill(place, this.#spares.take() ?? this.#forkWorker()), delayMs);
  }

  /** Lets the worker of `place` answer what it has, or kills it where it has nothing yet. */
  async #end({ worker, isReady, timer }: Place): Promise<void> {
    clearTimeout(timer);
    if (worker === null) return;
    const exited = once(worker, 'exit');
    const kill = (): void => void worker.process.kill('SIGKILL');
    if (isReady) await askWorker(worker, drain, null, stopAcceptingMs).catch(kill);
    else kill();
    const deadline = setTimeout(kill, drainMs);
    await exited;
    clearTimeout(deadline);
  }
}
