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
  kind: z.enum(['user', 'anonymous']),
  id: z.string().nullable(),
  scopes: z.array(z.enum(scopes)),
  region: z.string().nullable(),
  locale: z.string().nullable(),
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
      id: caller.kind === 'user' ? caller.userId : caller.anonymousId,
      scopes: [...caller.scopes],
      region: caller.region,
      locale: caller.locale,
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
      const traits = {
        scopes: new Set<Scope>(claims.scopes),
        region: claims.region,
        locale: claims.locale,
      };
      if (claims.kind === 'anonymous') {
        return {
          caller: { kind: 'anonymous', anonymousId: claims.id, ...traits },
          requestId: claims.requestId,
        };
      }
      if (claims.id === null) return null;
      return { caller: { kind: 'user', userId: claims.id, ...traits }, requestId: claims.requestId };
    } catch {
      return null;
    }
  }
}
