import { describe, expect, it } from 'vitest';
import { scopes, type Caller, type Scope } from '#platform/caller/caller.ts';
import { mayQueryFreely } from './free-queries.ts';

function traits(...held: Scope[]) {
  return { scopes: new Set(held), region: null, locale: null };
}
const key = { id: 'k1', vendorId: null };
const anonymous: Caller = { kind: 'anonymous', anonymousId: null, ...traits(), key: null };
const user: Caller = { kind: 'user', userId: 'u1', ...traits(), key: null };
const keyWith = (...held: Scope[]): Caller => ({ kind: 'key', ...traits(...held), key });
const production = { mode: 'known', development: false } as const;

describe('mayQueryFreely', () => {
  it('lets users and keys with a scope post in production', () => {
    expect(mayQueryFreely(user, 'POST', production)).toBe(true);
    for (const scope of scopes.filter((name) => name !== 'partner')) {
      expect(mayQueryFreely(keyWith(scope), 'POST', production), scope).toBe(true);
    }
    expect(mayQueryFreely({ ...user, ...traits('delegate'), key }, 'POST', production)).toBe(true);
  });

  it('asks the others for a document', () => {
    const others = [anonymous, keyWith(), keyWith('partner'), keyWith('partner', 'dashboard')];
    for (const caller of others) expect(mayQueryFreely(caller, 'POST', production)).toBe(false);
    expect(mayQueryFreely({ ...user, ...traits('partner'), key }, 'POST', production)).toBe(false);
    expect(mayQueryFreely(user, 'GET', production)).toBe(false);
  });

  it('lets everybody query in development, and nobody where it is closed', () => {
    for (const caller of [anonymous, user, keyWith('partner')]) {
      expect(mayQueryFreely(caller, 'GET', { mode: 'known', development: true })).toBe(true);
      expect(mayQueryFreely(caller, 'POST', { mode: 'none', development: true })).toBe(false);
    }
  });
});
