import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('carries what the primary or a worker announces to each of the others once', async () => {
  const script = join(import.meta.dirname, 'test/announce-in-turn.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
  const everybody = ['primary', 'worker-0', 'worker-1', 'worker-2'];
  const reported = Object.fromEntries(everybody.map((name) => [name, { heard: everybody, missed: 0 }]));
  expect(JSON.parse(stdout)).toEqual(reported);
}, 90_000);
