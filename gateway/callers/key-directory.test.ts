import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import { formatApiKey, newKeyId, newSecret } from './api-key.ts';
import { KeyDirectory } from './key-directory.ts';
import { KeyVerifier } from './key-verifier.ts';
import { KeysInMemory } from './test/keys.ts';

describe('KeyDirectory', () => {
  let keys: KeysInMemory;
  let directory: KeyDirectory;
  let verifier: KeyVerifier;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    keys = new KeysInMemory();
    directory = new KeyDirectory(
      { source: keys, logger: createLogger('silent') },
      { missPauseMs: 0, now: () => Date.now() },
    );
    verifier = new KeyVerifier(directory);
    await directory.start();
  });
  afterEach(() => {
    directory.stop();
    vi.useRealTimers();
  });

  const code = (text: string): Promise<unknown> =>
    verifier.verify(text).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
  const fails = (): Promise<never> => Promise.reject(new Error('the database is away'));

  it('learns of a revocation within 2.2 s, and reads the keys only when they have changed', async () => {
    const { id, text } = keys.add();
    expect(await code(text)).toBe('accepted');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(keys.reads).toBe(2);
    keys.revoke(id);
    expect(await code(text)).toBe('accepted');
    await vi.advanceTimersByTimeAsync(2_200);
    expect(await code(text)).toBe('UNAUTHENTICATED');
    expect(keys.reads).toBe(3);
    expect(keys.looks).toBeGreaterThan(9);
  });

  it('answers known keys without a look', async () => {
    const { text } = keys.add();
    await code(text);
    const { looks } = keys;
    for (let time = 0; time < 100; time++) expect(await code(text)).toBe('accepted');
    expect(keys.looks).toBe(looks);
  });

  it('serves the last known keys for a minute without the database, then none, and recovers', async () => {
    const { text } = keys.add();
    await code(text);
    keys.answer = fails;
    await vi.advanceTimersByTimeAsync(55_000);
    expect(await code(text)).toBe('accepted');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await code(text)).toBe('DEPENDENCY_UNAVAILABLE');
    keys.answer = () => Promise.resolve();
    expect(await code(text)).toBe('accepted');
  });

  it('cannot tell an unknown key from a new one without the database, also where it hangs', async () => {
    const stranger = formatApiKey({ id: newKeyId(), secret: newSecret() });
    expect(await code(stranger)).toBe('UNAUTHENTICATED');
    keys.answer = fails;
    expect(await code(stranger)).toBe('DEPENDENCY_UNAVAILABLE');
    keys.answer = () => new Promise(() => undefined);
    const waiting = code(stranger);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await waiting).toBe('DEPENDENCY_UNAVAILABLE');
  });

  it('looks for nobody whose key is mistyped', async () => {
    const { looks } = keys;
    expect(await code(`${keys.add().text.slice(0, -1)}!`)).toBe('UNAUTHENTICATED');
    expect(keys.looks).toBe(looks);
  });
});

describe('a flood of made-up keys', () => {
  it('shares its looks at the database', async () => {
    const keys = new KeysInMemory();
    const directory = new KeyDirectory({ source: keys, logger: createLogger('silent') });
    const verifier = new KeyVerifier(directory);
    await directory.refresh();
    const { text } = keys.add();
    const flood = Array.from({ length: 200 }, () =>
      verifier.verify(formatApiKey({ id: newKeyId(), secret: newSecret() })).catch((error: unknown) => error),
    );
    // A key that was made since the last look is found by the same look.
    await expect(verifier.verify(text)).resolves.toMatchObject({ hourlyLimit: null });
    await Promise.all(flood);
    expect(keys.looks).toBe(2);
  });
});
