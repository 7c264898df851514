import { existsSync, realpathSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { LaunchError } from './launch-error.mjs';

/**
 * The JavaScript or TypeScript file behind `name`: a program of an installed package, or a file of this repository.
 * @param {string} root
 * @param {string} name
 * @throws {LaunchError} when there is neither
 */
export function toolPath(root, name) {
  const path = extname(name) === '' ? join(root, 'node_modules', '.bin', name) : resolve(root, name);
  if (!existsSync(path)) throw new LaunchError(`There is no program and no file ${name} here.`, 2);
  return realpathSync(path);
}
