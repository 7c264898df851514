import type { IncomingHttpHeaders } from 'node:http';
import { badUserInput } from '#platform/errors/request-error.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The value of a header, null where it is absent or empty. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * The region of `x-region`, ISO 3166-1 alpha-2 in capitals; null without one.
 * @throws RequestError `BAD_USER_INPUT`
 */
export function regionHeader(headers: IncomingHttpHeaders): string | null {
  const value = headerOf(headers, 'x-region');
  if (value === null) return null;
  const region = regionCode(value);
  if (region === null) throw badUserInput('x-region must be a code of ISO 3166-1 alpha-2, such as FR.');
  return region;
}

/** `text` as a region's code in capitals; null where it is none. */
export function regionCode(text: string): string | null {
  return /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : null;
}

/**
 * The UUID of `x-anonymous-id` in small letters; null without one.
 * @throws RequestError `BAD_USER_INPUT`
 */
export function anonymousIdHeader(headers: IncomingHttpHeaders): string | null {
  const id = headerOf(headers, 'x-anonymous-id');
  if (id !== null && !uuid.test(id)) throw badUserInput('x-anonymous-id must be a UUID.');
  return id?.toLowerCase() ?? null;
}
