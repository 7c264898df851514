import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FolderLockedError, lockFolder } from './folder-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'bq-lock-'));
const lockFile = join(folder, 'lock.json');
afterAll(() => rmSync(folder, { recursive: true }));

describe('lockFolder', () => {
  it('keeps others out until released, and names the owner', () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(FolderLockedError);
    expect(() => lockFolder(folder)).toThrow(String(process.pid));
    lock.release();
    lockFolder(folder).release();
  });

  it('takes over from a process that is gone, and from a broken lock file', async () => {
    const gone = spawn(process.execPath, ['--eval', '']);
    await once(gone, 'exit');
    writeFileSync(
      lockFile,
      JSON.stringify({ pid: gone.pid, socketFolder: '/nowhere', startedAt: 'earlier' }),
    );
    lockFolder(folder).release();
    writeFileSync(lockFile, '{');
    const lock = lockFolder(folder);
    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('never removes a lock that is not its own', () => {
    const lock = lockFolder(folder);
    writeFileSync(lockFile, JSON.stringify({ pid: 1, socketFolder: '/other', startedAt: 'now' }));
    lock.release();
    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toMatchObject({ pid: 1 });
  });
});
