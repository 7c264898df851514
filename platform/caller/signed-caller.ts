import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { scopes, type Caller, type Scope } from './caller.ts';

/** The header in which the gateway tells a subgraph over HTTP who asks. */
export const signedCallerHeader = 'x-bouquet-caller';

const issuer = 'bouquet-gateway';
const audience = 'bouquet-subgraph';
/** Long enough for a request under way and for clocks that differ a little. */
const lifetimeSeconds = 30;

const claimsSchema = z.object({
  kind: z.enum(['user', 'key', 'anonymous']),
  id: z.string().nullable(),
  scopes: z.array(z.enum(scopes)),
  region: z.string().nullable(),
  locale: z.string().nullable(),
  key: z.object({ id: z.string(), vendorId: z.string().nullable() }).nullable(),
  requestId: z.string(),
});

/** Signs callers for subgraphs that are reached over HTTP, and verifies them there (JWT, HS256). */
export class CallerSigner {
  readonly #key: Uint8Array;

  /** `key` is `GATEWAY_SIGNING_KEY`, base64. */
  constructor(key: string) {
    this.#key = Buffer.from(key, 'base64');
  }

  /** Returns the header's value for one request. */
  sign(caller: Caller, requestId: string): Promise<string> {
    return new SignJWT({
      kind: caller.kind,
      id: idOf(caller),
      scopes: [...caller.scopes],
      region: caller.region,
      locale: caller.locale,
      key: caller.key,
      requestId,
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(this.#key);
  }

  /** Returns who asks, or null when the token is not one of the gateway's or has run out. */
  async verify(token: string): Promise<{ caller: Caller; requestId: string } | null> {
    try {
      const { payload } = await jwtVerify(token, this.#key, { issuer, audience, algorithms: ['HS256'] });
      const claims = claimsSchema.parse(payload);
      const caller = callerOf(claims);
      return caller === null ? null : { caller, requestId: claims.requestId };
    } catch {
      return null;
    }
  }
}

function idOf(caller: Caller): string | null {
  if (caller.kind === 'user') return caller.userId;
  return caller.kind === 'anonymous' ? caller.anonymousId : null;
}

/** Null for claims that make no caller. */
function callerOf({
  kind,
  id,
  scopes: held,
  region,
  locale,
  key,
}: z.infer<typeof claimsSchema>): Caller | null {
  const traits = { scopes: new Set<Scope>(held), region, locale };
  if (kind === 'anonymous') return { kind, anonymousId: id, ...traits, key };
  if (kind === 'key') return key === null ? null : { kind, ...traits, key };
  return id === null ? null : { kind, userId: id, ...traits, key };
}
