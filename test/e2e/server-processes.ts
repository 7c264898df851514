import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { ChildServer } from './child-server.ts';
import { readSeries } from './read-series.ts';

/** Its workers, without spares. */
export function workersOf(server: ChildServer): Promise<number[]> {
  return processesOf(server, 'worker');
}

/** The spare, once it is there. */
export async function spareOf(server: ChildServer): Promise<number> {
  await expect
    .poll(async () => (await readSeries(server)).get('bouquet_spare_workers{worker="primary"}'), {
      timeout: 30_000,
    })
    .toBe(1);
  const [spare = 0] = await processesOf(server, 'spare worker');
  return spare;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The processes of the server that show themselves as `name`. */
async function processesOf({ process: { pid } }: ChildServer, name: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid), '-f', `^bouquet ${name}`]);
  return stdout.trim().split('\n').map(Number);
}
