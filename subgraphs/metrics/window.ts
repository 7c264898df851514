export type Window = 'LAST_HOUR' | 'LAST_DAY' | 'LAST_WEEK' | 'LAST_MONTH';

/** A span of time: from `from`, up to and without `to`. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

export const minuteMs = 60_000;
export const quarterMs = 15 * minuteMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const lengths: Record<Window, number> = {
  LAST_HOUR: hourMs,
  LAST_DAY: dayMs,
  LAST_WEEK: 7 * dayMs,
  LAST_MONTH: 30 * dayMs,
};

/** The span of `window` that ends at `now`. */
export function spanOf(window: Window, now: Date): Span {
  return { from: new Date(now.getTime() - lengths[window]), to: now };
}

/** The complete days that a window stands for where a figure is counted by days; one at least. */
export function daysIn(window: Window): number {
  return Math.max(1, lengths[window] / dayMs);
}

/** The begin of the period of `periodMs` that `time` lies in; periods begin with the epoch. */
export function floorTo(periodMs: number, time: Date): Date {
  return new Date(Math.floor(time.getTime() / periodMs) * periodMs);
}
