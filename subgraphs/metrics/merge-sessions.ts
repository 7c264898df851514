import { minuteMs } from './window.ts';

/** A pause of more than so many milliseconds ends a session. */
export const sessionGapMs = 30 * minuteMs;

/** From the first to the last activity of one user without a longer pause. */
export interface Session {
  readonly userId: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/**
 * Joins sessions of the same user that overlap or lie at most 30 minutes apart. Returns them by user and time. The
 * order of `sessions` and any repeats make no difference, and neither does merging some of them first, so activity
 * may arrive late, twice and in any order.
 */
export function mergeSessions(sessions: readonly Session[]): Session[] {
  const merged: Session[] = [];
  for (const session of sessions.toSorted(byUserAndTime)) {
    const last = merged.at(-1);
    if (last?.userId !== session.userId || isApart(last, session)) merged.push(session);
    else if (session.endedAt > last.endedAt)
      merged[merged.length - 1] = { ...last, endedAt: session.endedAt };
  }
  return merged;
}

function byUserAndTime(a: Session, b: Session): number {
  if (a.userId !== b.userId) return a.userId < b.userId ? -1 : 1;
  return a.startedAt.getTime() - b.startedAt.getTime();
}

function isApart(earlier: Session, later: Session): boolean {
  return later.startedAt.getTime() - earlier.endedAt.getTime() > sessionGapMs;
}
