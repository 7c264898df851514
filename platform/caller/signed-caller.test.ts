import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Caller } from './caller.ts';
import { CallerSigner } from './signed-caller.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const signer = new CallerSigner(key);
const user: Caller = {
  kind: 'user',
  userId: 'u1',
  scopes: new Set(['dashboard']),
  region: 'FR',
  locale: null,
  key: null,
};

describe('CallerSigner', () => {
  it('carries a user and an anonymous caller', async () => {
    expect(await signer.verify(await signer.sign(user, 'r1'))).toEqual({ caller: user, requestId: 'r1' });
    const anonymous: Caller = {
      kind: 'anonymous',
      anonymousId: null,
      scopes: new Set(),
      region: null,
      locale: 'fr',
      key: null,
    };
    expect((await signer.verify(await signer.sign(anonymous, 'r2')))?.caller).toEqual(anonymous);
  });

  it('carries a key, for itself and acting for a user', async () => {
    const partner = { id: 'k1', vendorId: 'v1' };
    const callers: Caller[] = [
      { kind: 'key', key: partner, scopes: new Set(['partner']), region: null, locale: null },
      { ...user, key: partner },
    ];
    for (const caller of callers) {
      expect((await signer.verify(await signer.sign(caller, 'r')))?.caller).toEqual(caller);
    }
  });

  it('refuses another key, no token, an unsigned, an expired and a foreign one', async () => {
    const other = await new CallerSigner(Buffer.alloc(32, 2).toString('base64')).sign(user, 'r');
    const claims = {
      kind: 'user',
      id: 'u1',
      scopes: ['dashboard'],
      region: null,
      locale: null,
      key: null,
      requestId: 'r',
    };
    const sign = (change: (jwt: SignJWT) => SignJWT): Promise<string> =>
      change(new SignJWT(claims).setProtectedHeader({ alg: 'HS256' })).sign(Buffer.from(key, 'base64'));
    const expired = await sign((jwt) =>
      jwt.setIssuer('bouquet-gateway').setAudience('bouquet-subgraph').setExpirationTime('-1s'),
    );
    const foreign = await sign((jwt) =>
      jwt.setIssuer('else').setAudience('bouquet-subgraph').setExpirationTime('1m'),
    );
    const [, payload] = foreign.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const token of [other, '', 'a.b.c', unsigned, expired, foreign]) {
      expect(await signer.verify(token)).toBeNull();
    }
  });
});
