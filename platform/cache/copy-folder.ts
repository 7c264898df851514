import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';

/** The folder of copies on disk in `DATA_DIR`, another for each database: what one has is wrong beside another. */
export function copyFolder({ DATABASE_URL, DATA_DIR }: Pick<Config, 'DATABASE_URL' | 'DATA_DIR'>): string {
  return join(resolve(DATA_DIR), 'copies', DATABASE_URL === undefined ? 'embedded' : nameOf(DATABASE_URL));
}

/** The same whoever signs in: a password may change, and nothing of it shall lie on the disk. */
function nameOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = '';
  url.password = '';
  return createHash('sha256').update(url.href).digest('hex').slice(0, 16);
}
