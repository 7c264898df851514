import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withLock } from './preparation-lock.mjs';

const root = mkdtempSync(join(tmpdir(), 'bouquet-lock-'));
const file = join(root, '.bouquet-preparation.lock');
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('withLock', () => {
  it('lets one at a time work, and frees the lock when the work fails', async () => {
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++working);
      await new Promise((resolve) => setTimeout(resolve, 5));
      working--;
    };
    await expect(withLock(root, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    await Promise.all([withLock(root, work), withLock(root, work), withLock(root, work)]);
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('takes over from a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(file, String(pid));
    await expect(withLock(root, () => Promise.resolve())).resolves.toBeUndefined();
  });

  it('takes over from a lock that nobody renews, whatever runs under its pid by now', async () => {
    writeFileSync(file, String(process.pid));
    const anHourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(file, anHourAgo, anHourAgo);
    await expect(withLock(root, () => Promise.resolve())).resolves.toBeUndefined();
  });
});
