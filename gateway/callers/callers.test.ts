import type { IncomingHttpHeaders } from 'node:http';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { scopes, type Caller } from '#platform/caller/caller.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { formatApiKey, newKeyId, newSecret } from './api-key.ts';
import { Callers } from './callers.ts';
import { KeyDirectory } from './key-directory.ts';
import { KeyUses } from './key-uses.ts';
import { KeysInMemory } from './test/keys.ts';
import { audience, CountedKeys, issuer, rawToken, testTime, tokenWith } from './test/tokens.ts';
import { TokenVerifier } from './token-verifier.ts';

const anonymousId = '0b1e7a3c-5d2f-4c6a-9e8b-1f2a3b4c5d6e';
const keys = new KeysInMemory();
const backend = keys.add({ scopes: new Set(['delegate', 'privacy', 'dashboard']) });
const partner = keys.add({ scopes: new Set(['partner']), vendorId: 'vendor-7', hourlyLimit: 50 });

async function callersWith({
  production = true,
  tokens = true,
  logger = createLogger('silent'),
}): Promise<Callers> {
  const directory = new KeyDirectory({ source: keys, logger }, { missPauseMs: 0 });
  await directory.refresh();
  return new Callers({
    trustHeaders: !production,
    tokens: tokens
      ? new TokenVerifier({ keys: new CountedKeys(), issuer, audience, logger, now: () => testTime })
      : null,
    keys: directory,
    uses: new KeyUses({ write: () => Promise.resolve(), logger }),
  });
}

const production = await callersWith({});
const development = await callersWith({ production: false });

function codeOf(callers: Callers, headers: IncomingHttpHeaders): Promise<unknown> {
  return callers.callerOf(headers).then(
    (caller) => caller.kind,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

describe('a caller without a credential', () => {
  const nobody = { region: null, locale: null, key: null };

  it('is believed in development, and holds every scope', async () => {
    const all = { ...nobody, scopes: new Set(scopes) };
    expect(await development.callerOf({ 'x-user-id': 'ada' })).toEqual({
      kind: 'user',
      userId: 'ada',
      ...all,
    });
    expect(await development.callerOf({})).toEqual({ kind: 'anonymous', anonymousId: null, ...all });
    for (const wrong of ['a b', 'anonymous:1', 'key:1', 'x'.repeat(129), 'é']) {
      expect(await codeOf(development, { 'x-user-id': wrong })).toBe('BAD_USER_INPUT');
    }
  });

  it('is anonymous without scopes in production, whatever x-user-id says', async () => {
    for (const headers of [{}, { 'x-user-id': 'ada' }, { 'x-user-id': 'a b' }, { 'x-api-key': undefined }]) {
      const expected: Caller = { kind: 'anonymous', anonymousId: null, ...nobody, scopes: new Set() };
      expect(await production.callerOf(headers)).toEqual(expected);
    }
  });

  it('carries an anonymous id and a region', async () => {
    const headers = { 'x-anonymous-id': anonymousId.toUpperCase(), 'x-region': 'fr' };
    expect(await production.callerOf(headers)).toMatchObject({ anonymousId, region: 'FR' });
    for (const wrong of [{ 'x-anonymous-id': '7' }, { 'x-region': 'France' }, { 'x-region': '12' }]) {
      expect(await codeOf(production, wrong)).toBe('BAD_USER_INPUT');
    }
  });
});

describe.each([
  ['development', development],
  ['production', production],
])('a credential in %s', (_mode, callers) => {
  it('makes a user of a token: its region before the header, its scopes alone', async () => {
    const token = await tokenWith({ region: 'GB', locale: 'en', scope: 'dashboard' });
    const headers = { authorization: `bearer ${token}`, 'x-region': 'FR', 'x-user-id': 'eve' };
    expect(await callers.callerOf(headers)).toEqual({
      kind: 'user',
      userId: 'ada',
      scopes: new Set(['dashboard']),
      region: 'GB',
      locale: 'en',
      key: null,
    });
    expect(
      await callers.callerOf({ authorization: `Bearer ${await tokenWith()}`, 'x-region': 'FR' }),
    ).toMatchObject({ region: 'FR', scopes: new Set() });
  });

  it('makes a key of a key, in either header or both', async () => {
    const expected: Caller = {
      kind: 'key',
      scopes: new Set(['partner']),
      region: 'FR',
      locale: null,
      key: { id: partner.id, vendorId: 'vendor-7' },
    };
    const bearer = { authorization: `Bearer ${partner.text}` };
    const own = { 'x-api-key': partner.text };
    for (const sent of [bearer, own, { ...bearer, ...own }]) {
      expect(await callers.callerOf({ ...sent, 'x-region': 'fr', 'x-user-id': 'eve' })).toEqual(expected);
    }
    expect([callers.keyLimit(partner.id), callers.keyLimit(backend.id), callers.keyLimit('none')]).toEqual([
      50,
      null,
      null,
    ]);
  });

  it('is never taken for an anonymous caller when it is refused', async () => {
    const stranger = formatApiKey({ id: newKeyId(), secret: newSecret() });
    const token = await tokenWith();
    const refused: IncomingHttpHeaders[] = [
      { authorization: '' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: 'Bearer undefined' },
      { authorization: `Bearer ${token}x` },
      { authorization: `Bearer ${token} ${token}` },
      { authorization: `Bearer ${token}, Bearer ${token}` },
      { authorization: token },
      { authorization: `Basic ${token}` },
      { authorization: `Basic ${Buffer.from(partner.text).toString('base64')}` },
      { authorization: partner.text },
      { authorization: `Bearer ${stranger}` },
      { authorization: `Bearer ${partner.text.slice(0, -1)}` },
      { 'x-api-key': '' },
      { 'x-api-key': 'undefined' },
      { 'x-api-key': token },
      { 'x-api-key': stranger },
      { 'x-api-key': [partner.text, partner.text] },
      { 'x-api-key': `${partner.text}, ${partner.text}` },
      { authorization: `Bearer ${token}`, 'x-api-key': partner.text },
      { authorization: `Bearer ${backend.text}`, 'x-api-key': partner.text },
      { authorization: `Bearer ${partner.text}`, 'x-api-key': stranger },
    ];
    for (const headers of refused) {
      const sent = { ...headers, 'x-user-id': 'ada', 'x-anonymous-id': anonymousId };
      expect(await codeOf(callers, sent), JSON.stringify(headers)).toBe('UNAUTHENTICATED');
    }
  });

  it('lets a key with scope delegate act for a user, without what is for the key alone', async () => {
    expect(await callers.callerOf({ 'x-api-key': backend.text, 'x-on-behalf-of': 'ada' })).toEqual({
      kind: 'user',
      userId: 'ada',
      scopes: new Set(['dashboard']),
      region: null,
      locale: null,
      key: { id: backend.id, vendorId: null },
    });
    for (const headers of [
      { 'x-api-key': partner.text },
      { authorization: `Bearer ${await tokenWith({ scope: 'delegate' })}` },
      { 'x-user-id': 'eve' },
      {},
    ]) {
      expect(await codeOf(callers, { ...headers, 'x-on-behalf-of': 'ada' })).toBe('FORBIDDEN');
    }
    for (const wrong of ['anonymous:1', 'key:1', 'a b', 'x'.repeat(129), '']) {
      expect(await codeOf(callers, { 'x-api-key': backend.text, 'x-on-behalf-of': wrong })).toBe(
        'BAD_USER_INPUT',
      );
    }
  });
});

describe('Callers', () => {
  it('refuses every token where none is configured, in development too', async () => {
    const keysOnly = await callersWith({ production: false, tokens: false });
    expect(await codeOf(keysOnly, { authorization: `Bearer ${await tokenWith()}` })).toBe('UNAUTHENTICATED');
    expect(await codeOf(keysOnly, { authorization: `Bearer ${partner.text}` })).toBe('key');
  });

  it('writes no token, key or user id into a log line', async () => {
    let log = '';
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        log += chunk.toString();
        done();
      },
    });
    const callers = await callersWith({ logger: pino({ level: 'trace' }, stream) });
    const stranger = formatApiKey({ id: newKeyId(), secret: newSecret() });
    const tokens = [
      await tokenWith({ sub: 'secret-user' }),
      await tokenWith({ sub: 'secret-user', exp: 1 }),
      await tokenWith({ sub: 'secret-user', aud: 'other' }),
      await tokenWith({ sub: 'secret-user anonymous' }),
      rawToken('{"alg":"HS256"}', '{"sub":"secret-user"}'),
      rawToken('{"alg":"none"}', '{"sub":"secret-user"}'),
    ];
    const sent = [...tokens, partner.text, stranger, `${stranger}x`];
    const answers = await Promise.all(
      sent.map(async (text) =>
        codeOf(callers, { authorization: `Bearer ${text}`, 'x-user-id': 'secret-user' }),
      ),
    );
    expect(answers.filter((answer) => answer === 'UNAUTHENTICATED')).toHaveLength(7);
    expect(log).toContain('a token was refused');
    expect(log).not.toContain('secret-user');
    const parts = sent.flatMap((text) => text.split(/[._]/)).filter((part) => part.length > 8);
    for (const part of parts) expect(log).not.toContain(part);
  });
});
