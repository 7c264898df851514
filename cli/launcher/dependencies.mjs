import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LaunchError } from './launch-error.mjs';
import { withHeartbeat } from './progress.mjs';
import { run } from './run.mjs';

/**
 * One package of a lock file, as far as it matters here.
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string | string[]} [os]
 * @property {string | string[]} [cpu]
 * @property {string | string[]} [libc]
 */

/** @typedef {Record<string, LockedPackage>} LockedPackages by folder, such as `node_modules/zod` */

/** @typedef {{ os: string, cpu: string, libc: string | null }} Machine */

/**
 * Why the locked packages must be installed, as the end of a sentence, or null where they are there and current.
 * @param {string} root
 * @param {{ development: boolean }} needs
 * @returns {string | null}
 */
export function describeInstall(root, { development }) {
  const installedPath = join(root, 'node_modules', '.package-lock.json');
  // npm writes it last, so without it an install was never done or was cut off.
  if (!existsSync(installedPath)) return 'they are not installed';
  const locked = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const installed = readFileSync(installedPath, 'utf8');
  const stamp = stampOf(locked, installed);
  const stampPath = stampPathOf(root);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return null;
  const difference = compareLocks(packagesOf(locked), packagesOf(installed), {
    development,
    machine: thisMachine(),
  });
  if (difference !== null) return difference;
  if (development) writeStamp(stampPath, stamp);
  return null;
}

/**
 * Compares what is locked with what is installed, in both directions. Packages for other machines count neither way,
 * packages of development only where they are needed.
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed
 * @param {{ development: boolean, machine: Machine }} options
 * @returns {string | null} the end of a sentence that says what differs
 */
export function compareLocks(locked, installed, { development, machine }) {
  for (const [folder, entry] of Object.entries(locked)) {
    if (folder === '') continue;
    const present = installed[folder];
    if (present === undefined) {
      if (isExpected(entry, { development, machine })) return `${nameOf(folder)} is missing`;
    } else if (present.version !== entry.version || present.integrity !== entry.integrity) {
      return `${nameOf(folder)} is ${present.version}, locked is ${entry.version}`;
    }
  }
  const surplus = Object.keys(installed).find((folder) => locked[folder] === undefined);
  return surplus === undefined ? null : `${nameOf(surplus)} is no longer locked`;
}

/**
 * Runs `npm ci` with signs of life.
 * @param {string} root
 * @param {string} reason the end of a sentence, from `describeInstall`
 * @throws {LaunchError} when it fails, after npm's own output was printed
 */
export async function installDependencies(root, reason) {
  process.stderr.write(`bouquet: installing the locked dependencies with npm, because ${reason}.\n`);
  const locked = packagesOf(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const machine = thisMachine();
  const folders = Object.keys(locked).filter(
    (folder) => folder !== '' && isExpected(locked[folder] ?? {}, { development: true, machine }),
  );
  const started = Date.now();
  /** @type {Buffer[]} */
  const output = [];
  const npm = npmCommand();
  const { code, signal } = await withHeartbeat(
    () => `${countInstalled(root, folders)} of ${folders.length} packages`,
    () =>
      run(npm.file, [...npm.args, 'ci', '--include=dev', '--include=optional', ...quiet], {
        cwd: root,
        env: { ...process.env, ...withoutPrismaDownload },
        onOutput: (chunk) => output.push(chunk),
      }),
  ).catch((/** @type {Error} */ error) => {
    throw new LaunchError(`npm could not be started (${error.message}); install it and try again.`);
  });
  if (signal !== null) {
    throw new LaunchError(
      'the install was interrupted; it starts anew next time.',
      signal === 'SIGTERM' ? 143 : 130,
    );
  }
  if (code !== 0) {
    throw new LaunchError(failureOf(Buffer.concat(output).toString()));
  }
  stampInstall(root);
  process.stderr.write(`bouquet: installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/** The retries of npm would keep somebody without a network waiting for more than a minute. */
const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--fetch-retry-mintimeout=2000'];

/**
 * Prisma's install scripts fetch engines that nothing here uses. npm 11 does not run them (`allowScripts` in
 * package.json), older versions do, and a path of their own keeps them from the network.
 */
const withoutPrismaDownload = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_SKIP_POSTINSTALL_GENERATE: '1',
};

/** npm as it runs this script, so that version managers are respected; else the one in PATH. */
function npmCommand() {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('npm-cli.js') && existsSync(script)) return { file: process.execPath, args: [script] };
  return { file: 'npm', args: [] };
}

const networkErrors =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/**
 * One sentence, below what npm said where that tells more.
 * @param {string} output
 */
function failureOf(output) {
  if (networkErrors.test(output)) {
    return 'the npm registry cannot be reached, so the dependencies are not installed: check the network, or npm’s registry and proxy settings, and try again.';
  }
  process.stderr.write(output);
  return 'the dependencies could not be installed; what npm said stands above.';
}

/**
 * npm leaves out an optional package that does not install; the stamp accepts what it made of this very lock file,
 * so that such a package does not cause an install at every start.
 * @param {string} root
 */
function stampInstall(root) {
  const locked = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const installed = readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8');
  writeStamp(stampPathOf(root), stampOf(locked, installed));
}

/** @param {string} root */
function stampPathOf(root) {
  return join(root, 'node_modules', '.cache', 'bouquet', 'installed.sha256');
}

/**
 * @param {string} locked
 * @param {string} installed
 */
function stampOf(locked, installed) {
  return createHash('sha256')
    .update(`${process.platform}-${process.arch}\n`)
    .update(locked)
    .update(installed)
    .digest('hex');
}

/**
 * @param {string} path
 * @param {string} stamp
 */
function writeStamp(path, stamp) {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, stamp);
  } catch {
    // It only saves a few milliseconds, and an image may have its packages on a read-only disk.
  }
}

/**
 * @param {string} text
 * @returns {LockedPackages}
 */
function packagesOf(text) {
  /** @type {{ packages?: LockedPackages }} */
  const lock = JSON.parse(text);
  return lock.packages ?? {};
}

/**
 * @param {LockedPackage} entry
 * @param {{ development: boolean, machine: Machine }} options
 */
function isExpected(entry, { development, machine }) {
  if (entry.dev && !development) return false;
  if (!entry.optional) return true;
  // An optional package without a platform of its own may belong to one that has another platform.
  if (entry.os === undefined && entry.cpu === undefined) return false;
  return (
    allows(entry.os, machine.os) &&
    allows(entry.cpu, machine.cpu) &&
    (machine.libc === null || allows(entry.libc, machine.libc))
  );
}

/**
 * npm's rule for `os`, `cpu` and `libc`: listed, or not excluded by a leading `!`.
 * @param {string | string[] | undefined} field
 * @param {string} value
 */
function allows(field, value) {
  const list = typeof field === 'string' ? [field] : (field ?? []);
  if (list.length === 0) return true;
  if (list.includes(`!${value}`)) return false;
  return list.every((item) => item.startsWith('!')) || list.includes(value);
}

/** @returns {Machine} */
function thisMachine() {
  return { os: process.platform, cpu: process.arch, libc: process.platform === 'linux' ? linuxLibc() : null };
}

function linuxLibc() {
  /** @type {unknown} */
  const report = process.report.getReport();
  const header = typeof report === 'object' && report !== null && 'header' in report ? report.header : null;
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header ? 'glibc' : 'musl';
}

/**
 * @param {string} root
 * @param {string[]} folders
 */
function countInstalled(root, folders) {
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).length;
}

/** @param {string} folder such as `node_modules/a/node_modules/@scope/b` */
function nameOf(folder) {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
