import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const lockSchema = z.object({ pid: z.number().int(), socketFolder: z.string(), startedAt: z.string() });

export type FolderLock = z.infer<typeof lockSchema> & { readonly release: () => void };

/** The folder belongs to a living process, which `pid` names; `socketFolder` is where it answers. */
export class FolderLockedError extends Error {
  readonly pid: number;
  readonly socketFolder: string;

  constructor(folder: string, pid: number, socketFolder: string) {
    super(
      `The data folder ${folder} is in use by process ${pid}. Stop it, or set DATA_DIR to another folder.`,
    );
    this.name = 'FolderLockedError';
    this.pid = pid;
    this.socketFolder = socketFolder;
  }
}

/**
 * Takes `folder` for this process, because two PGlite instances on one folder silently lose rows. A lock whose
 * process is gone is taken over.
 * @throws FolderLockedError while its owner lives.
 */
export function lockFolder(folder: string): FolderLock {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = join(path, 'lock.json');
  const lock = { pid: process.pid, socketFolder: socketFolderOf(path), startedAt: new Date().toISOString() };
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(lock), { flag: 'wx', mode: 0o600 });
      return { ...lock, release: () => releaseOwn(file) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = readLock(file);
      if (owner !== null && isAlive(owner.pid)) {
        throw new FolderLockedError(path, owner.pid, owner.socketFolder);
      }
      rmSync(file, { force: true });
    }
  }
  throw new Error(`The lock file ${file} cannot be taken; remove it if no Bouquet runs on that folder.`);
}

/** Unix socket paths end at about 100 bytes, so a deep data folder gets its socket in the temporary folder. */
function socketFolderOf(path: string): string {
  const inside = join(path, 'socket');
  if (inside.length <= 80) return inside;
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(tmpdir(), `bouquet-${process.getuid?.() ?? 0}-${digest}`);
}

function readLock(file: string): z.infer<typeof lockSchema> | null {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function releaseOwn(file: string): void {
  if (readLock(file)?.pid === process.pid) rmSync(file, { force: true });
}
