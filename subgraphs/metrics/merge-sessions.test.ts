import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSessions, sessionGapMs, type Session } from './merge-sessions.ts';

const at = (userId: string, minute: number): Session => {
  const time = new Date(minute * 60_000);
  return { userId, startedAt: time, endedAt: time };
};
const minutesOf = (sessions: readonly Session[]): [string, number, number][] =>
  sessions.map(({ userId, startedAt, endedAt }) => [
    userId,
    startedAt.getTime() / 60_000,
    endedAt.getTime() / 60_000,
  ]);

const points = fc.array(
  fc.record({ userId: fc.constantFrom('ada', 'grace', 'edsger'), minute: fc.nat(600) }),
  { maxLength: 60 },
);

describe('mergeSessions', () => {
  it('joins activity up to 30 minutes apart, for each user alone', () => {
    const sessions = [at('grace', 20), at('ada', 61), at('ada', 0), at('ada', 30)];
    expect(minutesOf(mergeSessions(sessions))).toEqual([
      ['ada', 0, 30],
      ['ada', 61, 61],
      ['grace', 20, 20],
    ]);
  });

  it('keeps the longer end of a session within another', () => {
    const outer = { ...at('ada', 0), endedAt: new Date(90 * 60_000) };
    expect(minutesOf(mergeSessions([at('ada', 10), outer]))).toEqual([['ada', 0, 90]]);
  });

  it('gives the same sessions in any order, split anywhere and with repeats', () => {
    fc.assert(
      fc.property(points, fc.infiniteStream(fc.nat()), fc.nat(60), (input, keys, cut) => {
        const sessions = input.map(({ userId, minute }) => at(userId, minute));
        const whole = mergeSessions(sessions);
        const shuffled = sessions
          .map((session) => ({ session, key: keys.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ session }) => session);
        const parts = [mergeSessions(shuffled.slice(cut)), mergeSessions(shuffled.slice(0, cut))];
        expect(mergeSessions(parts.flat())).toEqual(whole);
        expect(mergeSessions([...whole, ...shuffled])).toEqual(whole);
      }),
    );
  });

  it('covers every activity and leaves a pause of over 30 minutes between two sessions', () => {
    fc.assert(
      fc.property(points, (input) => {
        const sessions = input.map(({ userId, minute }) => at(userId, minute));
        const merged = mergeSessions(sessions);
        const covers = (session: Session) => (activity: Session) =>
          activity.userId === session.userId &&
          activity.startedAt >= session.startedAt &&
          activity.startedAt <= session.endedAt;
        expect(sessions.every((activity) => merged.some((session) => covers(session)(activity)))).toBe(true);
        for (const [index, later] of merged.entries()) {
          const earlier = merged[index - 1];
          const gap =
            earlier?.userId === later.userId
              ? later.startedAt.getTime() - earlier.endedAt.getTime()
              : Number.POSITIVE_INFINITY;
          expect(gap).toBeGreaterThan(sessionGapMs);
        }
      }),
    );
  });
});
