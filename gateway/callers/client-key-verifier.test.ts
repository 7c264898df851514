import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import { ClientKeyVerifier } from './client-key-verifier.ts';
import { KeyDirectory } from './key-directory.ts';
import { KeysInMemory } from './test/keys.ts';

const minuteMs = 60_000;
const good = { key: 'sdk-good', expiresAt: null, revokedAt: null };

describe('ClientKeyVerifier', () => {
  let keys: KeysInMemory;
  let directory: KeyDirectory;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 25);
    keys = new KeysInMemory();
    keys.setClientKey(good);
    directory = new KeyDirectory(
      { source: keys, logger: createLogger('silent') },
      { missPauseMs: 0, now: () => nowMs },
    );
    await directory.start();
  });
  afterEach(() => directory.stop());

  const outcome = (text: string): Promise<string> =>
    new ClientKeyVerifier(directory, () => new Date(nowMs)).verify(text).then(
      () => 'accepted',
      (error: unknown) =>
        error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : '',
    );

  it('knows a key without a look, and a new one by a look', async () => {
    const { looks } = keys;
    expect(await outcome('sdk-good')).toBe('accepted');
    expect(keys.looks).toBe(looks);
    keys.setClientKey({ ...good, key: 'sdk-new' });
    expect(await outcome('sdk-new')).toBe('accepted');
  });

  it('refuses what is unknown, revoked or expired, and quotes nothing of it', async () => {
    keys.setClientKey({ ...good, key: 'sdk-revoked', revokedAt: new Date(nowMs) });
    keys.setClientKey({ ...good, key: 'sdk-expiring', expiresAt: new Date(nowMs + minuteMs) });
    expect(await outcome('sdk-revoked')).toMatch(/^NOT_FOUND .* it is revoked/);
    expect(await outcome('sdk-expiring')).toBe('accepted');
    nowMs += minuteMs;
    expect(await outcome('sdk-expiring')).toMatch(/^NOT_FOUND .* it is expired/);
    for (const text of [
      'sdk-<unknown>',
      '',
      'good',
      `sdk-${'x'.repeat(5_000)}`,
      'sdk-good/more',
      '__proto__',
    ]) {
      expect(await outcome(text)).toBe(
        'NOT_FOUND There is no such client key. Ask the operator for another one.',
      );
    }
  });

  it('asks no database for what cannot be a key', async () => {
    const { looks } = keys;
    await outcome('bq_live_0');
    await outcome(`sdk-${'x'.repeat(100)}`);
    expect(keys.looks).toBe(looks);
  });

  it('goes on with the known keys for as long as the database is away', async () => {
    keys.answer = () => Promise.reject(new Error('the database is away'));
    nowMs += 600 * minuteMs;
    expect(directory.isStale).toBe(true);
    expect(await outcome('sdk-good')).toBe('accepted');
    expect(await outcome('sdk-new')).toMatch(/^DEPENDENCY_UNAVAILABLE /);
  });
});
