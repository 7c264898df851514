import { z } from 'zod';
import { scopes, type Scope } from '#platform/caller/caller.ts';
import { refused } from './credential.ts';
import { regionCode } from './request-headers.ts';
import { isUserId, userIdRule } from './user-id.ts';

/** What a verified token says of its user. */
export interface TokenClaims {
  readonly userId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** ISO 3166-1 alpha-2. */
  readonly region: string | null;
  /** BCP 47. */
  readonly locale: string | null;
  /** Seconds since 1970 (RFC 7519, 4.1.4). */
  readonly exp: number;
}

const claimsSchema = z.object({
  sub: z.string().refine(isUserId, `must be ${userIdRule}`),
  exp: z.number(),
  // RFC 8693, 4.2: separated by spaces. Scopes of other services may stand beside ours.
  scope: z.string('must be one string with spaces between the scopes').nullish(),
  // An item of another region must never appear, so a region that nobody understands is no region to ignore.
  region: z
    .string()
    .refine((text) => regionCode(text) !== null, 'must be a code of ISO 3166-1 alpha-2')
    .nullish(),
  locale: z.unknown().optional(),
});

/**
 * Reads the claims of a token whose signature, issuer, audience and expiry are good.
 * @throws RequestError `UNAUTHENTICATED` naming the claim that is malformed.
 */
export function readClaims(payload: unknown): TokenClaims {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`The token is refused: its claim ${issue?.path.join('.')} ${issue?.message}.`);
  }
  const { sub, exp, scope, region, locale } = parsed.data;
  const held = new Set(scope?.split(' '));
  return {
    userId: sub,
    exp,
    scopes: new Set(scopes.filter((known) => held.has(known))),
    region: region == null ? null : regionCode(region),
    locale: localeTag(locale),
  };
}

/** A preference: one that nobody understands counts as none. OpenID Connect also writes `en_GB`. */
function localeTag(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  try {
    return Intl.getCanonicalLocales(value.replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}
