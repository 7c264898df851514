import { UsageError } from './command.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a duration such as `90s`, `30m`, `24h`, `7d`, or `0`.
 * @throws UsageError naming `option`
 */
export function parseDuration(text: string, option: string): number {
  const ms = durationMs(text);
  if (ms === null) throw new UsageError(`${option} must be a duration such as 30m, 24h or 7d.`);
  return ms;
}

/**
 * A moment to come, given as a duration from `now` or as a date or time of ISO 8601, in UTC where it names no offset.
 * @throws UsageError naming `option`
 */
export function parseMoment(text: string, option: string, now = Date.now()): Date {
  const ms = durationMs(text);
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  const inUtc = isIso && text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text;
  const moment = ms === null ? new Date(isIso ? inUtc : Number.NaN) : new Date(now + ms);
  if (Number.isNaN(moment.getTime())) {
    throw new UsageError(`${option} must be a duration such as 90d, or a date such as 2027-06-30.`);
  }
  if (moment.getTime() <= now) throw new UsageError(`${option} must be in the future.`);
  return moment;
}

function durationMs(text: string): number | null {
  if (text === '0') return 0;
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || !(unit === 's' || unit === 'm' || unit === 'h' || unit === 'd')) return null;
  return Number(amount) * unitMs[unit];
}
