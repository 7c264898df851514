import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { freePort } from './free-port.ts';

/** A Redis in a process of its own, which keeps nothing on disk. */
export interface RedisServer {
  readonly url: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Makes it hang, its connections open, until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/**
 * Starts `redis-server` on a free port.
 * @throws Error that says what to install where there is none.
 */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bouquet-redis-'));
  let child = await spawnRedis(port, folder);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      await kill();
      child = await spawnRedis(port, folder);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Child = ChildProcessByStdio<null, Readable, null>;

function spawnRedis(port: number, folder: string): Promise<Child> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const child = spawn('redis-server', [...flags, '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Ready to accept connections')) resolve(child);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = 'redis-server is not installed; on Debian: apt-get install redis-server';
      reject(error.code === 'ENOENT' ? new Error(missing, { cause: error }) : error);
    });
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
  });
}
