import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';

/** The folder of copies on disk in `DATA_DIR`, another for each database: what one has is wrong beside another. */
export function copyFolder({ DATABASE_URL, DATA_DIR }: Pick<Config, 'DATABASE_URL' | 'DATA_DIR'>): string {
  return join(resolve(DATA_DIR), 'copies', DATABASE_URL === undefined ? 'embedded' : nameOf(DATABASE_URL));
}

/** Whether a process of this installation has kept a copy of this very database. */
export function hasCopies(config: Pick<Config, 'DATABASE_URL' | 'DATA_DIR'>): boolean {
  return existsSync(copyFolder(config));
}

/** The same whoever signs in: a password may change, and nothing of it shall lie on the disk. */
function nameOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = '';
  url.password = '';
  return createHash('sha256').update(url.href).digest('hex').slice(0, 16);
}
