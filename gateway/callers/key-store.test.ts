import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../test/support/databases.ts';
import { formatApiKey, newKeyId, newSecret, parseApiKey } from './api-key.ts';
import { KeyDirectory } from './key-directory.ts';
import { createClientKey, findClientKey, listClientKeys, revokeClientKey } from './client-key-store.ts';
import { createKey, findKey, listKeys, revokeKey, rotateKey, stateOf, type KeyTerms } from './key-store.ts';
import { KeyUses, writeUses } from './key-uses.ts';
import { KeyVerifier } from './key-verifier.ts';
import { keySource } from './read-keys.ts';

const logger = createLogger('silent');
const hourMs = 3_600_000;
const now = new Date(Date.UTC(2026, 10, 25));
const later = (ms: number): Date => new Date(now.getTime() + ms);
const terms: KeyTerms = {
  name: 'Atelier Rose',
  scopes: ['partner', 'delegate'],
  vendorId: 'vendor-7',
  hourlyLimit: 50,
  expiresAt: later(48 * hourMs),
};

describe.each(databases)('API keys on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  /** A server that has just read the keys, at `at`. */
  const serverAt = async (at: Date): Promise<KeyVerifier> => {
    const directory = new KeyDirectory({ source: keySource(database), logger }, { missPauseMs: 0 });
    await directory.refresh();
    return new KeyVerifier(directory, () => at.getTime());
  };
  const refusal = async (text: string, at: Date): Promise<unknown> =>
    (await serverAt(at)).verify(text).then(
      () => 'accepted',
      (error: unknown) => String(error),
    );

  it('stores a key without its secret, and a server reads what it was given', async () => {
    const { record, text } = await createKey(database, terms, now);
    expect(record).toEqual({
      ...terms,
      id: record.id,
      createdAt: now,
      lastUsedAt: null,
      revokedAt: null,
      overlapUntil: null,
    });
    expect(await (await serverAt(now)).verify(text)).toMatchObject({
      id: record.id,
      scopes: new Set(['partner', 'delegate']),
      vendorId: 'vendor-7',
      hourlyLimit: 50,
    });
    const { rows } = await database.pool.query(
      `SELECT k::text, s::text AS secret FROM gateway.api_key k JOIN gateway.api_key_secret s ON s.key_id = k.id`,
    );
    expect(JSON.stringify(rows)).toContain(record.id);
    expect(JSON.stringify(rows)).not.toContain(text.slice(-49, -6));
  });

  it('refuses a key once it has expired', async () => {
    const { record, text } = await createKey(database, { ...terms, expiresAt: later(hourMs) }, now);
    expect(await refusal(text, later(hourMs - 1))).toBe('accepted');
    expect(await refusal(text, later(hourMs))).toContain('it has expired');
    expect(stateOf(record, later(hourMs))).toBe('expired');
    expect(await rotateKey(database, record.id, hourMs, later(hourMs))).toBeNull();
  });

  it('takes both secrets within the overlap, and the new one alone after it', async () => {
    const { record, text: old } = await createKey(database, terms, now);
    const rotated = await rotateKey(database, record.id, hourMs, now);
    const text = rotated?.text ?? '';
    expect(text).not.toBe(old);
    expect(rotated?.record).toEqual({ ...record, overlapUntil: later(hourMs) });
    expect([await refusal(old, later(hourMs - 1)), await refusal(text, later(hourMs - 1))]).toEqual([
      'accepted',
      'accepted',
    ]);
    expect(await refusal(old, later(hourMs))).toContain('replaced by a newer secret');
    expect(await refusal(text, later(hourMs))).toBe('accepted');
  });

  it('rotates within an overlap: no secret counts longer than was said, and one shorter on demand', async () => {
    const { record, text: first } = await createKey(database, terms, now);
    const second = (await rotateKey(database, record.id, hourMs, now))?.text ?? '';
    const third = (await rotateKey(database, record.id, 10 * hourMs, now))?.text ?? '';
    const states = async (at: Date): Promise<boolean[]> =>
      Promise.all([first, second, third].map(async (text) => (await refusal(text, at)) === 'accepted'));
    expect(await states(later(hourMs - 1))).toEqual([true, true, true]);
    expect(await states(later(hourMs))).toEqual([false, true, true]);
    await rotateKey(database, record.id, 0, now);
    expect(await states(now)).toEqual([false, false, false]);
  });

  it('lets two rotations at once both count', async () => {
    const { record, text } = await createKey(database, terms, now);
    const rotated = await Promise.all([1, 2].map(() => rotateKey(database, record.id, hourMs, now)));
    for (const accepted of [text, ...rotated.map((issued) => issued?.text ?? '')]) {
      expect(await refusal(accepted, now)).toBe('accepted');
    }
  });

  it('refuses a revoked key with all of its secrets, for good', async () => {
    const { record, text: old } = await createKey(database, terms, now);
    const text = (await rotateKey(database, record.id, hourMs, now))?.text ?? '';
    expect((await revokeKey(database, record.id, now))?.revokedAt).toEqual(now);
    expect((await revokeKey(database, record.id, later(hourMs)))?.revokedAt).toEqual(now);
    for (const refused of [old, text]) expect(await refusal(refused, now)).toContain('it was revoked');
    expect(await rotateKey(database, record.id, hourMs, now)).toBeNull();
    expect(await revokeKey(database, 'nobody', now)).toBeNull();
  });

  it('refuses a guess, the secret of another key, and one without a public id', async () => {
    const [ours, others] = await Promise.all([
      createKey(database, terms, now),
      createKey(database, terms, now),
    ]);
    const secretOfOthers = parseApiKey(others.text)?.secret ?? '';
    for (const [id, secret] of [
      [ours.record.id, newSecret()],
      [ours.record.id, secretOfOthers],
      [newKeyId(), secretOfOthers],
      ['__proto__00', secretOfOthers],
      ["' OR '1'='1", secretOfOthers],
    ] as const) {
      expect(await refusal(formatApiKey({ id, secret }), now)).toMatch(/The API key is refused/);
    }
  });

  it('shows another version after each change of a key, by hand too, and none after a use', async () => {
    const seen = new Set([await keySource(database).version()]);
    const { record, text } = await createKey(database, terms, now);
    seen.add(await keySource(database).version());
    await rotateKey(database, record.id, hourMs, now);
    seen.add(await keySource(database).version());
    await database.pool.query('UPDATE gateway.api_key SET revoked_at = now() WHERE id = $1', [record.id]);
    seen.add(await keySource(database).version());
    expect(seen.size).toBe(4);
    expect(await refusal(text, now)).toContain('it was revoked');
    const uses = new KeyUses({ write: (used) => writeUses(database, used), logger });
    uses.record(record.id, later(hourMs).getTime());
    uses.record('of a key that is gone', now.getTime());
    await uses.stop();
    uses.record(record.id, now.getTime());
    await uses.stop();
    expect((await findKey(database, record.id))?.lastUsedAt).toEqual(later(hourMs));
    expect(seen).toContain(await keySource(database).version());
  });

  it('lists the newest first', async () => {
    const { record } = await createKey(database, { ...terms, name: 'Newest' }, later(hourMs));
    const listed = await listKeys(database, now);
    expect(listed.length).toBeGreaterThan(3);
    expect(listed[0]).toEqual(record);
  });

  it('makes client keys, lists and revokes them, and a server sees another version each time', async () => {
    const source = keySource(database);
    const versions = [await source.version()];
    const made = await createClientKey(database, { description: 'Web shop', expiresAt: later(hourMs) }, now);
    expect(made.key).toMatch(/^sdk-[0-9A-Za-z]{17}$/);
    expect(made).toEqual({
      key: made.key,
      description: 'Web shop',
      createdAt: now,
      expiresAt: later(hourMs),
      revokedAt: null,
    });
    versions.push(await source.version());
    expect((await source.read()).clientKeys.get(made.key)).toEqual({
      key: made.key,
      expiresAt: later(hourMs),
      revokedAt: null,
    });
    const newer = await createClientKey(database, { description: 'App', expiresAt: null }, later(hourMs));
    expect(await listClientKeys(database)).toEqual([newer, made]);
    await revokeClientKey(database, made.key, now);
    await revokeClientKey(database, made.key, later(hourMs));
    expect(await findClientKey(database, made.key)).toEqual({ ...made, revokedAt: now });
    expect(await findClientKey(database, 'sdk-unknown')).toBeNull();
    const read = await source.read();
    versions.push(read.version);
    expect(new Set(versions).size).toBe(3);
    expect(read.clientKeys.get(made.key)?.revokedAt).toEqual(now);
    expect(read.clientKeys.get(newer.key)?.revokedAt).toBeNull();
  });
});
