import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { secretsIn } from './printed-secrets.ts';

const main = join(import.meta.dirname, '../../cli/main.ts');

/** `bouquet` in a process of its own. */
export interface ChildServer {
  readonly process: ChildProcess;
  /** Where it answers, once it has said so. */
  readonly url: string;
  /** Everything it has printed. */
  readonly output: () => string;
  /** Resolves with the exit code, or the signal that ended it; rejects where it has printed a secret. */
  readonly ended: Promise<number | string>;
}

/** Starts `bouquet start` with `environment`, or another program that prints its URL, and waits until it does. */
export async function startChild(
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = ['start', '--no-seed'],
  program = main,
): Promise<ChildServer> {
  const child = runChild(environment, args, program);
  const url = Promise.withResolvers<string>();
  child.process.stdout?.on('data', () => {
    const found = /(http:\/\/[\d.]+:\d+)\/graphql/.exec(child.output())?.[1];
    if (found !== undefined) url.resolve(found);
  });
  void child.ended.then((code) => url.reject(new Error(`bouquet ended with ${code}:\n${child.output()}`)));
  return { ...child, url: await url.promise };
}

/** Runs `bouquet` with `args`; for what ends by itself. */
export function runChild(
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
  program = main,
): Omit<ChildServer, 'url'> {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH,
      HOME,
      NODE_COMPILE_CACHE,
      PORT: '0',
      LOG_LEVEL: 'error',
      RATE_LIMIT_PER_HOUR: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (stream === child.stderr) errors += chunk.toString();
    });
  }
  // A suite that does not wait for it fails by the rejection that nobody handles.
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => {
    const secrets = secretsIn(errors);
    if (secrets.length > 0) throw new Error(['bouquet has printed secrets:', ...secrets].join('\n'));
    return typeof code === 'number' ? code : String(signal);
  });
  return { process: child, output: () => output, ended };
}
