import { Calendar } from './calendar.ts';
import { daysIn, spanOf, type Span, type Window } from './window.ts';

/** Fixes the moment and the days that all figures of one answer are counted by; each figure is read when asked for. */
export interface BusinessMetrics {
  readonly window: Window;
  readonly span: Span;
  /** Complete days that a figure by days looks at. */
  readonly days: number;
  /** Begins of the days up to today, oldest first, enough for the longest retention. */
  readonly dayStarts: readonly Date[];
}

/** The longest retention that is measured, in days. */
const longestReturn = 30;

/** @throws RequestError `BAD_USER_INPUT` for a `timeZone` that is no IANA name. */
export function businessMetricsOf(window: Window, timeZone: string, now = new Date()): BusinessMetrics {
  const days = daysIn(window);
  const dayStarts = new Calendar(timeZone).dayStarts(now, Math.max(days, longestReturn) + longestReturn);
  return { window, span: spanOf(window, now), days, dayStarts };
}

/** The last `days` days, today's part included. */
export function lastDays({ dayStarts, span }: BusinessMetrics, days: number): Span {
  return { from: dayStarts.at(-days) ?? span.from, to: span.to };
}
