import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The holder renews its lock this often, and one that was not renewed for `abandonedMs` is nobody's. */
const renewMs = 2_000;
const abandonedMs = 30_000;

/**
 * Runs `work` while no other launcher installs or generates in the same checkout, after waiting for one that does.
 * A holder that is gone, or whose pid another program has by now, is taken over from.
 * @param {string} root
 * @param {() => Promise<void>} work
 */
export async function withLock(root, work) {
  const file = join(root, '.bouquet-preparation.lock');
  await take(file);
  const release = () => rmSync(file, { force: true });
  const renewal = setInterval(() => renew(file), renewMs);
  process.once('exit', release);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    process.off('exit', release);
    release();
  }
}

/** @param {string} file */
async function take(file) {
  let told = false;
  while (!tryTake(file)) {
    if (!told) process.stderr.write('bouquet: waiting for another start that prepares this checkout.\n');
    told = true;
    await sleep(200);
  }
}

/** @param {string} file */
function tryTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  if (isAbandoned(file)) removeAbandoned(file);
  return false;
}

/** @param {string} file */
function isAbandoned(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > abandonedMs) return true;
    const pid = Number(readFileSync(file, 'utf8'));
    // A file without a pid yet is about to get one.
    return pid > 0 && !isAlive(pid);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * Of two that find the same abandoned lock, the slower could remove the lock that the faster has just taken. So it
 * is moved aside first, and put back if it turns out to be alive.
 * @param {string} file
 */
function removeAbandoned(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (!isAbandoned(aside)) linkSync(aside, file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} file */
function renew(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
