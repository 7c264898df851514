import { spawn } from 'node:child_process';

/**
 * How a program ended: by an exit code, or by a signal.
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Ending
 */

/**
 * What a program is started with; `onOutput` takes its output, which goes to the terminal without it.
 * @typedef {{ cwd: string, env: NodeJS.ProcessEnv, onOutput?: (chunk: Buffer) => void }} RunOptions
 */

/**
 * Runs `file` to its end. SIGTERM is passed on; SIGINT and SIGHUP only without a terminal, because a terminal gives
 * them to the child as well. This process stays until the child has ended.
 * @param {string} file
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<Ending>}
 */
export function run(file, args, { cwd, env, onOutput }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: onOutput === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const release = passSignalsTo(child);
    if (onOutput !== undefined) {
      child.stdout?.on('data', onOutput);
      child.stderr?.on('data', onOutput);
    }
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('close', (code, signal) => {
      release();
      resolve({ code, signal });
    });
  });
}

/**
 * Ends this process as the child ended.
 * @param {Ending} ending
 */
export function endLike({ code, signal }) {
  if (signal === null) process.exitCode = code ?? 1;
  else process.kill(process.pid, signal);
}

/** @param {import('node:child_process').ChildProcess} child */
function passSignalsTo(child) {
  const onTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  /** @param {NodeJS.Signals} signal */
  const passAlways = (signal) => void child.kill(signal);
  /** @param {NodeJS.Signals} signal */
  const passUnlessTerminal = (signal) => void (onTerminal || child.kill(signal));
  process.on('SIGTERM', passAlways);
  process.on('SIGINT', passUnlessTerminal);
  process.on('SIGHUP', passUnlessTerminal);
  return () => {
    process.off('SIGTERM', passAlways);
    process.off('SIGINT', passUnlessTerminal);
    process.off('SIGHUP', passUnlessTerminal);
  };
}
