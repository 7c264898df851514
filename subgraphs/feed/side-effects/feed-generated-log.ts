import { createHash } from 'node:crypto';
import type { Logger } from '#platform/logging/logger.ts';
import type { RankingSideEffect } from '../snapshot/feed-ranker.ts';

/** Logs `feed_generated` for each ranking; the user only as a hash. */
export function feedGeneratedLog(logger: Logger): RankingSideEffect {
  return ({ subject }, snapshot, durationMs) => {
    logger.info(
      {
        event: 'feed_generated',
        userId: subject === null ? null : createHash('sha256').update(subject).digest('hex').slice(0, 16),
        feedSize: snapshot.rest.length,
        latencyMs: Math.round(durationMs * 10) / 10,
        mode: snapshot.mode,
        degraded: snapshot.degraded.map(({ component }) => component),
      },
      'feed_generated',
    );
  };
}
