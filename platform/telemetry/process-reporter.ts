import { randomUUID } from 'node:crypto';
import type { Histogram } from 'hdr-histogram-js';
import type { Database } from '../database/database.ts';
import type { EventPayload } from '../events/contracts.ts';
import { appendEvent, inTransactionWithEvents } from '../events/outbox.ts';
import type { Logger } from '../logging/logger.ts';
import { encodeHistogram } from './histogram-text.ts';
import { newLatencyHistogram, type EventLag, type Telemetry } from './telemetry.ts';

export interface ReporterParts {
  readonly database: Database;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

export interface ReporterOptions {
  /** What the process is: `gateway`, `all-in-one` or a subgraph's name. */
  readonly role: string;
  /** The worker's number within its server. */
  readonly workerId?: number;
  /** Milliseconds between two reports of a busy process. */
  readonly intervalMs?: number;
  /** Milliseconds between two reports of a process that counted nothing. */
  readonly idleIntervalMs?: number;
}

/** What has been counted and not yet been reported. */
interface Unreported {
  readonly from: Date;
  requests: number;
  errors: number;
  readonly latency: Histogram;
  readonly caches: Map<string, { hits: number; misses: number }>;
  readonly statements: Histogram;
  readonly eventFailures: Map<string, { setAside: number; skipped: number }>;
  eventLag: readonly EventLag[];
  eventLoopUtilisation: number;
}

/** Tells the other processes, by `process.reported` events, what this one has counted and how it is. */
export class ProcessReporter {
  readonly #parts: ReporterParts;
  readonly #options: Required<ReporterOptions>;
  readonly #processId = randomUUID();
  #unreported = nothingSince(new Date());
  #reportedAt: number | null = null;
  #inFlight: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ReporterParts, options: ReporterOptions) {
    this.#parts = parts;
    this.#options = { workerId: 0, intervalMs: 10_000, idleIntervalMs: 60_000, ...options };
  }

  /** Reports at once, so that the process is seen, and from then on at the interval. */
  start(): void {
    void this.#tick();
    this.#timer = setInterval(() => void this.#tick(), this.#options.intervalMs);
    // A report is no reason to keep a process alive.
    this.#timer.unref();
  }

  /** Reports what is left and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#inFlight;
    await this.#report().catch((error: unknown) => this.#warn(error));
  }

  #tick(): Promise<void> {
    // A slow database gets one report at a time; what is counted meanwhile goes into the next.
    this.#inFlight ??= this.#reportWhereDue()
      .catch((error: unknown) => this.#warn(error))
      .finally(() => {
        this.#inFlight = null;
      });
    return this.#inFlight;
  }

  async #reportWhereDue(): Promise<void> {
    this.#collect();
    const { requests, caches, eventFailures } = this.#unreported;
    // Statements do not count: looking for events takes some all the time.
    const isIdle = requests === 0 && caches.size === 0 && eventFailures.size === 0;
    const isRecent =
      this.#reportedAt !== null && Date.now() - this.#reportedAt < this.#options.idleIntervalMs;
    if (!(isIdle && isRecent)) await this.#report();
  }

  async #report(): Promise<void> {
    this.#collect();
    const to = new Date();
    const payload = this.#payload(to);
    await inTransactionWithEvents(this.#parts.database, (tx) => appendEvent(tx, 'process.reported', payload));
    // Not before: what could not be reported is part of the next report.
    this.#unreported = nothingSince(to);
    this.#reportedAt = to.getTime();
  }

  /** Moves what the process has counted since the last call to what is not yet reported. */
  #collect(): void {
    const { database, telemetry } = this.#parts;
    const unreported = this.#unreported;
    const counts = telemetry.drain();
    unreported.requests += counts.requests;
    unreported.errors += counts.errors;
    unreported.latency.add(counts.latency);
    unreported.statements.add(database.timer.drain());
    unreported.eventLoopUtilisation = counts.eventLoopUtilisation;
    for (const { tier, hits, misses } of counts.caches) {
      const reads = unreported.caches.get(tier) ?? { hits: 0, misses: 0 };
      unreported.caches.set(tier, { hits: reads.hits + hits, misses: reads.misses + misses });
    }
    unreported.eventLag = counts.eventLag;
    for (const { consumer, setAside, skipped } of counts.eventFailures) {
      const failures = unreported.eventFailures.get(consumer) ?? { setAside: 0, skipped: 0 };
      unreported.eventFailures.set(consumer, {
        setAside: failures.setAside + setAside,
        skipped: failures.skipped + skipped,
      });
    }
  }

  #payload(to: Date): EventPayload<'process.reported'> {
    const { pool, kind } = this.#parts.database;
    const { role, workerId } = this.#options;
    const counts = this.#unreported;
    return {
      processId: this.#processId,
      role,
      from: counts.from.toISOString(),
      to: to.toISOString(),
      requests: counts.requests,
      errors: counts.errors,
      latency: encodeHistogram(counts.latency),
      caches: [...counts.caches].map(([tier, reads]) => ({ tier, ...reads })),
      database: {
        kind,
        connectionsInUse: pool.totalCount - pool.idleCount,
        connectionsMax: pool.options.max,
        latency: encodeHistogram(counts.statements),
      },
      events: {
        failures: [...counts.eventFailures].map(([consumer, failures]) => ({ consumer, ...failures })),
        lag: [...counts.eventLag],
      },
      worker: {
        id: workerId,
        eventLoopUtilisation: counts.eventLoopUtilisation,
        heapUsedBytes: process.memoryUsage().heapUsed,
        uptimeSeconds: process.uptime(),
      },
    };
  }

  #warn(error: unknown): void {
    this.#parts.logger.warn(
      { err: error },
      'the process could not report; its counts go into the next report',
    );
  }
}

function nothingSince(from: Date): Unreported {
  return {
    from,
    requests: 0,
    errors: 0,
    latency: newLatencyHistogram(),
    caches: new Map(),
    statements: newLatencyHistogram(),
    eventFailures: new Map(),
    eventLag: [],
    eventLoopUtilisation: 0,
  };
}
