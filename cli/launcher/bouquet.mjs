#!/usr/bin/env node
// The way into everything: runs on Node 20 with nothing installed, prepares what is missing, and hands over to the
// TypeScript sources on Node 24.
//
//   bouquet.mjs [ARGS…]              the command line, cli/main.ts
//   bouquet.mjs --tool NAME [ARGS…]  a package's program (vitest, tsc, …) or a source file of this repository
//   bouquet.mjs --generate           generates code anew, stale or not
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './launch-error.mjs';
import { nodeForChildren, refuseUnsupportedPlatform } from './node-24.mjs';
import { prepare } from './prepare.mjs';
import { endLike, run } from './run.mjs';
import { toolPath } from './tool-path.mjs';

/** Tools that read no generated code, so that they work while a schema is half written. */
const toolsWithoutGeneratedCode = new Set(['prettier', 'schema/compose.ts']);

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {string[]} args */
async function main(args) {
  refuseUnsupportedPlatform(root);
  const [mode, name, ...rest] = args;
  if (mode === '--generate') {
    await prepare(root, { development: true, code: 'anew' });
    return;
  }
  if (mode === '--tool') {
    if (name === undefined) throw new LaunchError('--tool needs the name of a program or a file.');
    await prepare(root, {
      development: true,
      code: toolsWithoutGeneratedCode.has(name) ? 'none' : 'all',
    });
    await handOver(toolPath(root, name), rest);
    return;
  }
  await prepare(root, { development: process.env['NODE_ENV'] !== 'production', code: 'database' });
  await handOver(resolve(root, 'cli/main.ts'), args);
}

/**
 * @param {string} file
 * @param {string[]} args
 */
async function handOver(file, args) {
  const node = nodeForChildren(root);
  endLike(await run(node.path, [file, ...args], { cwd: process.cwd(), env: node.env }));
}

main(process.argv.slice(2)).catch((/** @type {unknown} */ error) => {
  if (!(error instanceof LaunchError)) throw error;
  process.stderr.write(`bouquet: ${error.message}\n`);
  process.exitCode = error.exitCode;
});
