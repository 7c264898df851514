import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { LaunchError } from './launch-error.mjs';

/** The sources are TypeScript that Node runs as it is, which 24 is the first to do without a flag. */
const neededMajor = 24;

/**
 * The Node that runs the sources, and an environment in which a nested `node` is the same one.
 * @param {string} root
 * @returns {{ path: string, env: NodeJS.ProcessEnv }}
 * @throws {LaunchError} when there is none
 */
export function nodeForChildren(root) {
  const path = majorOf(process.versions.node) >= neededMajor ? process.execPath : packagedNode(root);
  if (!existsSync(path)) throw new LaunchError(missingNode());
  const folders = [join(root, 'node_modules', '.bin'), dirname(path)];
  return {
    path,
    env: {
      // Sources are stripped of their types and compiled once, not at each start: a start takes a quarter less.
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node-compile'),
      ...process.env,
      PATH: [...folders, process.env['PATH'] ?? ''].join(delimiter),
    },
  };
}

/**
 * Says so before a minute is spent on an install, where npm has no Node 24 for this machine.
 * @param {string} root
 * @throws {LaunchError}
 */
export function refuseUnsupportedPlatform(root) {
  if (majorOf(process.versions.node) >= neededMajor) return;
  /** @type {{ optionalDependencies?: Record<string, string> }} */
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (manifest.optionalDependencies?.[packageName()] === undefined) throw new LaunchError(missingNode());
}

/** @param {string} version */
function majorOf(version) {
  return Number.parseInt(version, 10);
}

function packageName() {
  return `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

/** @param {string} root */
function packagedNode(root) {
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(root, 'node_modules', packageName(), 'bin', program);
}

function missingNode() {
  return (
    `Node ${neededMajor} or newer is needed, this is ${process.versions.node}, and npm has none for ` +
    `${process.platform}-${process.arch}: install it from https://nodejs.org and try again.`
  );
}
