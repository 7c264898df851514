import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './launch-error.mjs';
import { nodeForChildren } from './node-24.mjs';
import { run } from './run.mjs';
import { toolPath } from './tool-path.mjs';

/**
 * A program that writes code which is not committed. Each folder in `outputs` gets a stamp with a digest of `inputs`,
 * so that a change of any input shows.
 * @typedef {object} Generator
 * @property {string} what
 * @property {string} tool
 * @property {string[]} args
 * @property {string[]} inputs
 * @property {(root: string) => string[]} outputs
 */

/** @type {{ databaseClient: Generator, resolverTypes: Generator }} */
export const generators = {
  databaseClient: {
    what: 'the database client',
    tool: 'prisma',
    args: ['generate'],
    inputs: ['prisma/schema', 'prisma.config.ts', 'node_modules/@prisma/client/package.json'],
    outputs: () => ['platform/database/generated'],
  },
  resolverTypes: {
    what: 'the types of the GraphQL schema',
    tool: 'graphql-codegen',
    args: ['--config', 'codegen.ts'],
    inputs: ['schema', 'codegen.ts', 'node_modules/@graphql-codegen/cli/package.json'],
    outputs: (root) => readdirSync(join(root, 'subgraphs')).map((name) => `subgraphs/${name}/generated`),
  },
};

const stampName = '.inputs.sha256';

/**
 * Whether every output of `generator` was made from its inputs as they are now.
 * @param {string} root
 * @param {Generator} generator
 */
export function isCurrent(root, generator) {
  const digest = digestOf(root, generator.inputs);
  return generator.outputs(root).every((folder) => {
    const stamp = join(root, folder, stampName);
    return existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  });
}

/**
 * Runs `generator` and stamps its outputs.
 * @param {string} root
 * @param {Generator} generator
 * @throws {LaunchError} when it fails, after its own output was printed
 */
export async function generate(root, generator) {
  process.stderr.write(`bouquet: generating ${generator.what}.\n`);
  const digest = digestOf(root, generator.inputs);
  const node = nodeForChildren(root);
  /** @type {Buffer[]} */
  const output = [];
  const { code } = await run(node.path, [toolPath(root, generator.tool), ...generator.args], {
    cwd: root,
    env: node.env,
    onOutput: (chunk) => output.push(chunk),
  });
  if (code !== 0) {
    process.stderr.write(Buffer.concat(output));
    throw new LaunchError(
      `${generator.what} could not be generated; what ${generator.tool} said stands above.`,
    );
  }
  for (const folder of generator.outputs(root)) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, stampName), digest);
  }
}

/**
 * A SHA-256 over the names and contents of `paths`, in an order that does not depend on the machine. A folder is read
 * whole, except for scripts that stand beside the inputs and for generated code. A path that is missing adds nothing.
 * @param {string} root
 * @param {string[]} paths
 */
export function digestOf(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((input) => filesIn(root, input))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(root, path) {
  const status = statSync(join(root, path), { throwIfNoEntry: false });
  if (status === undefined) return [];
  if (!status.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => name !== 'generated' && !name.endsWith('.ts'))
    .toSorted()
    .flatMap((name) => filesIn(root, `${path}/${name}`));
}
