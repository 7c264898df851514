import type { IncomingHttpHeaders } from 'node:http';
import { scopes, type Caller, type CallerKey, type Scope } from '#platform/caller/caller.ts';
import { badUserInput, RequestError } from '#platform/errors/request-error.ts';
import { ClientKeyVerifier } from './client-key-verifier.ts';
import { credentialOf, refused } from './credential.ts';
import type { KeyDirectory } from './key-directory.ts';
import type { KeyUses } from './key-uses.ts';
import { KeyVerifier } from './key-verifier.ts';
import { anonymousIdHeader, headerOf, regionHeader } from './request-headers.ts';
import type { StoredKey } from './stored-key.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { isUserId, userIdRule } from './user-id.ts';

export interface CallersParts {
  /** Development: `x-user-id` is believed, and who sends no credential holds every scope. */
  readonly trustHeaders: boolean;
  /** Null where no token is accepted. */
  readonly tokens: TokenVerifier | null;
  readonly keys: KeyDirectory;
  readonly uses: KeyUses;
}

const allScopes: ReadonlySet<Scope> = new Set(scopes);
const noScopes: ReadonlySet<Scope> = new Set();
/** What a key may do for itself alone: acting for a user, it can do no more to others than that user. */
const ownScopes: ReadonlySet<Scope> = new Set(['delegate', 'privacy']);

/** Tells who sends a request. */
export class Callers {
  readonly #parts: CallersParts;
  readonly #verifier: KeyVerifier;
  readonly #clientKeys: ClientKeyVerifier;

  constructor(parts: CallersParts) {
    this.#parts = parts;
    this.#verifier = new KeyVerifier(parts.keys);
    this.#clientKeys = new ClientKeyVerifier(parts.keys);
  }

  /**
   * Returns who the headers of a request say. A credential that is refused never makes an anonymous caller.
   * @throws RequestError `UNAUTHENTICATED` for a credential that is refused, `DEPENDENCY_UNAVAILABLE` for one that cannot
   * be checked now, `FORBIDDEN` for acting for a user without the right to, `BAD_USER_INPUT` for a malformed header.
   */
  async callerOf(headers: IncomingHttpHeaders): Promise<Caller> {
    const credential = credentialOf(headers);
    // An empty one is no user: were it taken for absent, the key would do for itself what it was to do for somebody.
    const onBehalfOf = headers['x-on-behalf-of']?.toString() ?? null;
    if (credential?.kind === 'key') {
      return this.#keyCaller(await this.#verifier.verify(credential.text), headers, onBehalfOf);
    }
    if (onBehalfOf !== null) {
      throw new RequestError('FORBIDDEN', 'x-on-behalf-of needs an API key with scope delegate.');
    }
    return credential === null ? this.#unverified(headers) : this.#tokenCaller(credential.text, headers);
  }

  /** Requests an hour that the key has been given; null where it has no limit of its own. */
  keyLimit(keyId: string): number | null {
    return this.#parts.keys.get(keyId)?.hourlyLimit ?? null;
  }

  /**
   * Lets the client key of an SDK pass.
   * @throws RequestError `NOT_FOUND` for one that is not good, `DEPENDENCY_UNAVAILABLE` where that cannot be told.
   */
  checkClientKey(text: string): Promise<void> {
    return this.#clientKeys.verify(text);
  }

  /** Ends looking for changed keys and writes down what is left. */
  async close(): Promise<void> {
    this.#parts.keys.stop();
    await this.#parts.uses.stop();
  }

  async #tokenCaller(token: string, headers: IncomingHttpHeaders): Promise<Caller> {
    if (this.#parts.tokens === null)
      throw refused('The token is refused: this server accepts API keys only.');
    const claims = await this.#parts.tokens.verify(token);
    return {
      kind: 'user',
      userId: claims.userId,
      scopes: claims.scopes,
      region: claims.region ?? regionHeader(headers),
      locale: claims.locale,
      key: null,
    };
  }

  #keyCaller(stored: StoredKey, headers: IncomingHttpHeaders, onBehalfOf: string | null): Caller {
    this.#parts.uses.record(stored.id, Date.now());
    const key: CallerKey = { id: stored.id, vendorId: stored.vendorId };
    const traits = { region: regionHeader(headers), locale: null, key };
    if (onBehalfOf === null) return { kind: 'key', scopes: stored.scopes, ...traits };
    if (!stored.scopes.has('delegate')) {
      throw new RequestError('FORBIDDEN', 'x-on-behalf-of needs an API key with scope delegate.');
    }
    return {
      kind: 'user',
      userId: userIdOf(onBehalfOf, 'x-on-behalf-of'),
      scopes: stored.scopes.difference(ownScopes),
      ...traits,
    };
  }

  /** Somebody who sends no credential. */
  #unverified(headers: IncomingHttpHeaders): Caller {
    const { trustHeaders } = this.#parts;
    const traits = {
      scopes: trustHeaders ? allScopes : noScopes,
      region: regionHeader(headers),
      locale: null,
      key: null,
    };
    const userId = trustHeaders ? headerOf(headers, 'x-user-id') : null;
    return userId === null
      ? { kind: 'anonymous', anonymousId: anonymousIdHeader(headers), ...traits }
      : { kind: 'user', userId: userIdOf(userId, 'x-user-id'), ...traits };
  }
}

function userIdOf(id: string, header: string): string {
  if (!isUserId(id)) throw badUserInput(`${header} must be ${userIdRule}`);
  return id;
}
