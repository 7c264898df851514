import { createHash } from 'node:crypto';
import type { Logger } from '#platform/logging/logger.ts';
import { unsaid } from '../pipeline/component.ts';
import type { RankingEffort, RankingSideEffect } from '../snapshot/feed-ranker.ts';
import type { FeedRequest } from '../snapshot/feed-request.ts';
import type { FeedSnapshot } from '../snapshot/feed-snapshot.ts';

/** A line waits this long, in ms, so that it is made once the response has gone. */
const defaultFlushMs = 50;

/** Logs `feed_generated` for each ranking behind the response; the user only as a hash. docs/reference/ranking.md. */
export class FeedGeneratedLog {
  readonly #logger: Logger;
  readonly #flushMs: number;
  #waiting: (readonly [FeedRequest, FeedSnapshot, RankingEffort])[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(logger: Logger, { flushMs = defaultFlushMs }: { flushMs?: number } = {}) {
    this.#logger = logger;
    this.#flushMs = flushMs;
  }

  readonly record: RankingSideEffect = (request, snapshot, effort) => {
    this.#waiting.push([request, snapshot, effort]);
    this.#timer ??= setTimeout(() => this.flush(), this.#flushMs);
  };

  /** Logs what waits. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const [request, snapshot, effort] of this.#waiting.splice(0)) {
      this.#logger.info(lineOf(request, snapshot, effort), 'feed_generated');
    }
  }
}

function lineOf(
  { subject, traceId }: FeedRequest,
  snapshot: FeedSnapshot,
  { durationMs, explored }: RankingEffort,
) {
  const { mode, degraded, rest, scoring } = snapshot;
  return {
    event: 'feed_generated',
    userId: subject === null ? null : createHash('sha256').update(subject).digest('hex').slice(0, 16),
    feedSize: rest.length,
    latencyMs: tenths(durationMs),
    agents: agentsOf(snapshot),
    thompson: { exploration: explored, exploitation: rest.length - explored },
    cacheHits: scoring?.cacheHits ?? 0,
    cacheMisses: scoring?.cacheMisses ?? 0,
    mode,
    panelVersion: scoring?.panelVersion ?? null,
    degraded: degraded.map(({ component }) => component),
    traceId,
  };
}

/** By agent the mean of what it gave the items of the feed, null where it gave nothing, and how long it took in ms. */
function agentsOf({ scoring, rest }: FeedSnapshot) {
  return Object.fromEntries(
    (scoring?.parts ?? []).flatMap(({ name, latencyMs }, part) => {
      if (latencyMs === null) return [];
      const said = rest
        .map(({ explanation }) => explanation?.values[part] ?? unsaid)
        .filter((value) => value !== unsaid);
      const sum = said.reduce((total, value) => total + value, 0);
      const score = said.length === 0 ? null : Math.round((sum / said.length) * 1e4) / 1e4;
      return [[name, { score, latencyMs: Math.round(latencyMs * 1e3) / 1e3 }] as const];
    }),
  );
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
