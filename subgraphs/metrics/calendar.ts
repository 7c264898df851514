import { badUserInput } from '#platform/errors/request-error.ts';
import { dayMs, quarterMs } from './window.ts';

/** Days of a time zone. */
export class Calendar {
  readonly #format: Intl.DateTimeFormat;

  /**
   * @param timeZone an IANA name such as `Europe/Vienna`.
   * @throws RequestError `BAD_USER_INPUT` for a name that is not one.
   */
  constructor(timeZone: string) {
    try {
      // Offsets such as +05:37 would be taken too, but are no zones, and days could begin within a quarter.
      if (/^[+-]/.test(timeZone)) throw new RangeError('an offset');
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone,
        calendar: 'gregory',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
      });
    } catch {
      throw badUserInput('timeZone must be an IANA time zone such as Europe/Vienna or UTC.');
    }
  }

  /**
   * The begin of the day that `now` lies in and of the `count` days before it, oldest first. Days of 23 or 25 hours
   * are as long as they are; a day that the zone skips has no length.
   */
  dayStarts(now: Date, count: number): Date[] {
    const today = this.#dayNumber(now.getTime());
    return Array.from({ length: count + 1 }, (_, index) => this.#startOf(today - count + index));
  }

  /** Finds the first quarter of an hour of the day: all zones in use have offsets of whole quarters. */
  #startOf(day: number): Date {
    // Zones lie between UTC-12 and UTC+14; one hour is to spare on each side.
    let low = day * dayMs - 15 * 4 * quarterMs;
    let high = day * dayMs + 13 * 4 * quarterMs;
    while (high - low > quarterMs) {
      const middle = low + Math.floor((high - low) / quarterMs / 2) * quarterMs;
      if (this.#dayNumber(middle) >= day) high = middle;
      else low = middle;
    }
    return new Date(high);
  }

  /** The local date at `time`, as days since 1970-01-01. */
  #dayNumber(time: number): number {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of this.#format.formatToParts(time)) parts[type] = value;
    return Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day)) / dayMs;
  }
}
