import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const runner = `
  import { endLike, run } from ${JSON.stringify(join(import.meta.dirname, 'run.mjs'))};
  endLike(await run(process.execPath, ['-e', process.argv[1]], { cwd: process.cwd(), env: process.env }));
`;

/** Runs `script` under the runner in a process of its own, sends it `signal` once it has printed, and awaits both. */
async function runUnder(
  script: string,
  signal?: NodeJS.Signals,
): Promise<{ output: string; ending: unknown[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', runner, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (signal !== undefined && output === 'ready') child.kill(signal);
  });
  const ending: unknown[] = await once(child, 'close');
  return { output, ending };
}

describe('run', () => {
  it('ends with the exit code of the child', async () => {
    expect(await runUnder('process.exitCode = 3')).toEqual({ output: '', ending: [3, null] });
  });

  it('ends by the signal that ended the child', async () => {
    expect((await runUnder('process.kill(process.pid, "SIGKILL")')).ending).toEqual([null, 'SIGKILL']);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'gives %s to the child and waits for it',
    async (signal) => {
      const script = `
      const idle = setInterval(() => {}, 1000);
      process.on(${JSON.stringify(signal)}, () => {
        process.stdout.write(', cleaned up');
        clearInterval(idle);
        process.exitCode = 7;
      });
      process.stdout.write('ready');`;
      expect(await runUnder(script, signal)).toEqual({ output: 'ready, cleaned up', ending: [7, null] });
    },
  );
});
