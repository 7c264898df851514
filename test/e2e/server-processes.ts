import { expect } from 'vitest';
import type { ChildServer } from './child-server.ts';
import { processesOf } from './processes-of.ts';
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
