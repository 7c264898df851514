import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ChildServer } from './child-server.ts';

/** The processes of the server that show themselves as `bouquet` and `name`, a regular expression for what follows. */
export async function processesOf({ process: { pid } }: ChildServer, name: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid), '-f', `^bouquet ${name}`]);
  return stdout.trim().split('\n').map(Number);
}
