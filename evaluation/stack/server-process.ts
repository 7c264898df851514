import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';

export interface ServerProcess {
  readonly url: string;
  /** Models that the server has trained since it started, by what it logs. */
  trainings(): number;
  stop(): Promise<void>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const startWithinMs = 60_000;

/** Runs `bouquet start` on `dataDir` and a free port, as a process of its own, and waits until it says where. */
export async function startServerProcess(dataDir: string): Promise<ServerProcess> {
  const main = join(import.meta.dirname, '../../cli/main.ts');
  const child = spawn(process.execPath, [main, 'start', '--no-seed'], {
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: '',
      LOG_LEVEL: 'info',
      RATE_LIMIT_PER_HOUR: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  const trainings = countTrainings(child);
  try {
    return { url: await answersAt(child), trainings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const logLine = z.object({ level: z.number(), msg: z.string().optional() });
const warning = 40;

/** Counts trainings in the log and passes on warnings, but for what feeds say of themselves, and what is no log at all. */
function countTrainings(child: Child): () => number {
  let trainings = 0;
  createInterface(child.stderr).on('line', (line) => {
    const entry = logLine.safeParse(parsed(line));
    if (entry.data?.msg === 'a model was trained') trainings++;
    const isNews = entry.data === undefined || entry.data.level >= warning;
    if (isNews && entry.data?.msg !== 'left out of a feed') process.stderr.write(`${line}\n`);
  });
  return () => trainings;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

async function answersAt(child: Child): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const url = /answers at (http\S+)/.exec(output)?.[1];
    if (url !== undefined) resolve(url);
  });
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`bouquet start ended with ${code} before it answered.`)));
  const timer = setTimeout(() => reject(new Error('bouquet start did not answer in time.')), startWithinMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
