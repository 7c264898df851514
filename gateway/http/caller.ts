import type { IncomingHttpHeaders } from 'node:http';
import { anonymousPrefix, scopes, type Caller, type Scope } from '#platform/caller/caller.ts';
import { badUserInput } from '#platform/errors/request-error.ts';

const allScopes: ReadonlySet<Scope> = new Set(scopes);
const noScopes: ReadonlySet<Scope> = new Set();
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Tells who sends a request. With `trustHeaders` (development) that is whoever `x-user-id` says, with every scope;
 * otherwise the header is ignored. `x-anonymous-id` and `x-region` count always.
 * @throws RequestError `BAD_USER_INPUT` for a header that is malformed.
 */
export function callerOf(headers: IncomingHttpHeaders, { trustHeaders }: { trustHeaders: boolean }): Caller {
  const traits = {
    scopes: trustHeaders ? allScopes : noScopes,
    region: regionOf(single(headers, 'x-region')),
    locale: null,
    key: null,
  };
  const userId = trustHeaders ? single(headers, 'x-user-id') : null;
  if (userId !== null) return { kind: 'user', userId: checkedUserId(userId), ...traits };
  const anonymousId = single(headers, 'x-anonymous-id');
  if (anonymousId !== null && !uuid.test(anonymousId)) {
    throw badUserInput('x-anonymous-id must be a UUID.');
  }
  return { kind: 'anonymous', anonymousId: anonymousId?.toLowerCase() ?? null, ...traits };
}

function single(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function checkedUserId(id: string): string {
  const printable = /^[\x21-\x7e]{1,128}$/.test(id);
  if (!printable || id.startsWith(anonymousPrefix)) {
    throw badUserInput(
      `x-user-id must be 1 to 128 printable characters and not begin with ${anonymousPrefix}`,
    );
  }
  return id;
}

function regionOf(value: string | null): string | null {
  if (value === null) return null;
  const region = value.toUpperCase();
  if (!/^[A-Z]{2}$/.test(region))
    throw badUserInput('x-region must be a code of ISO 3166-1 alpha-2, such as FR.');
  return region;
}
