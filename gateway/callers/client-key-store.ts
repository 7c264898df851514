import type { Database } from '#platform/database/database.ts';
import { randomBase62 } from './base62.ts';

/** What an SDK names to read the features: no secret, since it stands in the pages of whoever uses it. */
export interface ClientKey {
  /** The whole key: `sdk-` and 17 letters and digits that say 96 random bits. */
  readonly key: string;
  /** What the operator writes about it. */
  readonly description: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Makes a key; it never expires where `expiresAt` is null. */
export function createClientKey(
  { prisma }: Database,
  terms: Pick<ClientKey, 'description' | 'expiresAt'>,
  now = new Date(),
): Promise<ClientKey> {
  return prisma.clientKey.create({ data: { key: newClientKey(), ...terms, createdAt: now } });
}

/** Every key, the newest first. */
export function listClientKeys({ prisma }: Database): Promise<ClientKey[]> {
  return prisma.clientKey.findMany({ orderBy: [{ createdAt: 'desc' }, { key: 'asc' }] });
}

/** The key as it is stored, null where there is none. */
export function findClientKey({ prisma }: Database, key: string): Promise<ClientKey | null> {
  return prisma.clientKey.findUnique({ where: { key } });
}

/** Revokes the key for good; one revoked before keeps its time. */
export async function revokeClientKey({ prisma }: Database, key: string, now = new Date()): Promise<void> {
  await prisma.clientKey.updateMany({ where: { key, revokedAt: null }, data: { revokedAt: now } });
}

export type ClientKeyState = 'active' | 'expired' | 'revoked';

/** Whether the key is accepted, and why not. */
export function clientKeyState(
  { revokedAt, expiresAt }: Pick<ClientKey, 'revokedAt' | 'expiresAt'>,
  now = new Date(),
): ClientKeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

function newClientKey(): string {
  return `sdk-${randomBase62(12, 17)}`;
}
