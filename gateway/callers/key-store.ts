import type { Scope } from '#platform/caller/caller.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import { formatApiKey, hashSecret, newKeyId, newSecret } from './api-key.ts';
import { knownScopes } from './stored-key.ts';

/** What the operator decides on a new key. */
export interface KeyTerms {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly vendorId: string | null;
  /** Requests an hour; null: as for everybody. */
  readonly hourlyLimit: number | null;
  readonly expiresAt: Date | null;
}

/** A key as the operator sees it, without its secrets. */
export interface KeyRecord extends KeyTerms {
  readonly id: string;
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** When the last of its replaced secrets stops to count; null where there is one secret alone. */
  readonly overlapUntil: Date | null;
}

/** A key together with its text, which is known at this moment only. */
export interface IssuedKey {
  readonly record: KeyRecord;
  readonly text: string;
}

/** Makes a key with a new secret. */
export async function createKey(database: Database, terms: KeyTerms, now = new Date()): Promise<IssuedKey> {
  const [id, secret] = [newKeyId(), newSecret()];
  const row = await database.prisma.apiKey.create({
    data: {
      id,
      ...terms,
      scopes: [...terms.scopes],
      createdAt: now,
      secrets: { create: { hash: bytesOf(secret), createdAt: now } },
    },
    include: { secrets: true, use: true },
  });
  return { record: recordOf(row, now), text: formatApiKey({ id, secret }) };
}

/** Every key, the newest first. */
export async function listKeys(database: Database, now = new Date()): Promise<KeyRecord[]> {
  const rows = await database.prisma.apiKey.findMany({
    include: { secrets: true, use: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
  return rows.map((row) => recordOf(row, now));
}

/** The key by its public id, null where there is none. */
export async function findKey(database: Database, id: string, now = new Date()): Promise<KeyRecord | null> {
  return findIn(database.prisma, id, now);
}

/**
 * Gives the key a new secret; those that it has count for `overlapMs` more milliseconds, or less where an earlier rotation
 * said so. Null where there is no such key, or it is revoked or expired.
 */
export function rotateKey(
  database: Database,
  id: string,
  overlapMs: number,
  now = new Date(),
): Promise<IssuedKey | null> {
  const secret = newSecret();
  const validUntil = new Date(now.getTime() + overlapMs);
  return database.transaction(async (tx) => {
    // Two rotations at once come one after the other.
    await tx.$queryRaw`SELECT FROM gateway.api_key WHERE id = ${id} FOR UPDATE`;
    const found = await findIn(tx, id, now);
    if (found === null || stateOf(found, now) !== 'active') return null;
    await tx.apiKeySecret.deleteMany({ where: { keyId: id, validUntil: { lte: now } } });
    await tx.apiKeySecret.updateMany({
      where: { keyId: id, OR: [{ validUntil: null }, { validUntil: { gt: validUntil } }] },
      data: { validUntil },
    });
    await tx.apiKeySecret.create({ data: { keyId: id, hash: bytesOf(secret), createdAt: now } });
    const record = await findIn(tx, id, now);
    return record === null ? null : { record, text: formatApiKey({ id, secret }) };
  });
}

/** Revokes the key for good; returns it as it is then, null where there is none. One revoked before keeps its time. */
export async function revokeKey(database: Database, id: string, now = new Date()): Promise<KeyRecord | null> {
  await database.prisma.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
  return findKey(database, id, now);
}

export type KeyState = 'active' | 'expired' | 'revoked';

/** Whether the key is accepted, and why not. */
export function stateOf({ revokedAt, expiresAt }: KeyRecord, now = new Date()): KeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

async function findIn(client: Transaction, id: string, now: Date): Promise<KeyRecord | null> {
  const row = await client.apiKey.findUnique({ where: { id }, include: { secrets: true, use: true } });
  return row === null ? null : recordOf(row, now);
}

interface KeyRow extends Omit<KeyRecord, 'scopes' | 'lastUsedAt' | 'overlapUntil'> {
  readonly scopes: string[];
  readonly secrets: readonly { readonly validUntil: Date | null }[];
  readonly use: { readonly lastUsedAt: Date } | null;
}

function recordOf({ secrets, use, ...row }: KeyRow, now: Date): KeyRecord {
  const ends = secrets.flatMap(({ validUntil }) =>
    validUntil !== null && validUntil > now ? [validUntil.getTime()] : [],
  );
  return {
    ...row,
    scopes: knownScopes(row.scopes),
    lastUsedAt: use?.lastUsedAt ?? null,
    overlapUntil: ends.length === 0 ? null : new Date(Math.max(...ends)),
  };
}

/** Prisma takes bytes with a buffer of their own. */
function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hashSecret(secret));
}
