import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { compareLocks, describeInstall } from './dependencies.mjs';

const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };
const options = { development: true, machine: linux };
const zod = { version: '4.0.0', integrity: 'sha512-a' };

describe('compareLocks', () => {
  it('finds no difference between equal locks', () => {
    expect(
      compareLocks({ '': {}, 'node_modules/zod': zod }, { 'node_modules/zod': zod }, options),
    ).toBeNull();
  });

  it('names a package that is missing, of another version, of other content, or too much', () => {
    const locked = { 'node_modules/zod': zod };
    expect(compareLocks(locked, {}, options)).toBe('zod is missing');
    expect(compareLocks(locked, { 'node_modules/zod': { ...zod, version: '3.0.0' } }, options)).toBe(
      'zod is 3.0.0, locked is 4.0.0',
    );
    expect(
      compareLocks(locked, { 'node_modules/zod': { ...zod, integrity: 'sha512-b' } }, options),
    ).not.toBeNull();
    expect(compareLocks({}, { 'node_modules/a/node_modules/@b/c': zod }, options)).toBe(
      '@b/c is no longer locked',
    );
  });

  it('expects of the optional packages those for this machine alone', () => {
    const expects = (entry: object): boolean =>
      compareLocks({ 'node_modules/native': { ...zod, optional: true, ...entry } }, {}, options) !== null;
    expect(expects({ os: ['linux'], cpu: ['x64'] })).toBe(true);
    expect(expects({ os: ['linux'], cpu: 'x64', libc: ['glibc'] })).toBe(true);
    expect(expects({ os: ['!win32'] })).toBe(true);
    expect(expects({ os: ['darwin'], cpu: ['x64'] })).toBe(false);
    expect(expects({ os: ['linux'], cpu: ['arm64'] })).toBe(false);
    expect(expects({ os: ['linux'], cpu: ['x64'], libc: ['musl'] })).toBe(false);
    expect(expects({ os: ['!linux'] })).toBe(false);
    expect(expects({})).toBe(false);
  });

  it('does without packages of development where they are not needed', () => {
    const locked = { 'node_modules/vitest': { ...zod, dev: true } };
    expect(compareLocks(locked, {}, { ...options, development: false })).toBeNull();
    expect(compareLocks(locked, {}, options)).toBe('vitest is missing');
  });
});

describe('describeInstall', () => {
  const root = mkdtempSync(join(tmpdir(), 'bouquet-launcher-'));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const writeLock = (path: string, version: string): void => {
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    const packages = { 'node_modules/zod': { version } };
    writeFileSync(join(root, path), JSON.stringify({ packages }));
  };

  it('asks for an install in a fresh clone, after a change of the lock file, and after one of the packages', () => {
    mkdirSync(root, { recursive: true });
    writeLock('package-lock.json', '4.0.0');
    expect(describeInstall(root, { development: true })).toBe('they are not installed');
    writeLock('node_modules/.package-lock.json', '4.0.0');
    expect(describeInstall(root, { development: true })).toBeNull();
    expect(describeInstall(root, { development: true })).toBeNull();
    writeLock('package-lock.json', '4.1.0');
    expect(describeInstall(root, { development: true })).toBe('zod is 4.0.0, locked is 4.1.0');
    cpSync(join(root, 'package-lock.json'), join(root, 'node_modules/.package-lock.json'));
    expect(describeInstall(root, { development: true })).toBeNull();
    writeLock('node_modules/.package-lock.json', '3.0.0');
    expect(describeInstall(root, { development: true })).toBe('zod is 3.0.0, locked is 4.1.0');
  });
});
