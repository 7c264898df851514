import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const inMemory = '/dev/shm';

/** Some dozens of databases of 40 MB, of which few exist at a time, and a PostgreSQL. */
const enoughBytes = 4e9;

/** Where databases of tests lie: in memory where there is room, since none of them outlives its suite. */
export function scratchFolder(): string {
  if (!existsSync(inMemory)) return tmpdir();
  const { bavail, bsize } = statfsSync(inMemory);
  return bavail * bsize >= enoughBytes ? inMemory : tmpdir();
}
