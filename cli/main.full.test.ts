import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'bouquet-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly exitCode: number | string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function bouquet(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), ...args],
      { env: { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), ...environment } },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode ?? undefined, stdout, stderr }),
    );
  });
}

const commands = [
  'start',
  'migrate',
  'seed',
  'import',
  'train',
  'reindex',
  'keys',
  'experiments',
  'documents',
  'evaluate',
  'slates',
];

describe('bouquet', () => {
  it('lists its commands and exit codes', async () => {
    const { exitCode, stdout } = await bouquet(['--help']);
    expect(exitCode).toBe(0);
    for (const name of [...commands, 'completion']) expect(stdout).toContain(`bouquet ${name}`);
    expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 wrong option or configuration.');
  });

  it.each(commands)('helps with %s: examples and exit codes', async (name) => {
    const { exitCode, stdout, stderr } = await bouquet([name, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
  });

  it.each([
    [[], 'bouquet: Name a command. See bouquet --help.\n'],
    [['serve'], 'bouquet: Unknown command: serve. See bouquet --help.\n'],
    [
      ['experiments', 'client-key'],
      'bouquet: Name what to do with client keys: create, list or revoke. See bouquet --help.\n',
    ],
    [['keys'], 'bouquet: Name what to do with keys: create, list, rotate or revoke. See bouquet --help.\n'],
    [['migrate', '--dryrun'], 'bouquet: Unknown argument: dryrun. See bouquet --help.\n'],
    [
      ['documents', 'list', '--dry-run'],
      'bouquet: list changes nothing: --dry-run belongs to publish and remove.\n',
    ],
    [
      ['migrate', '--dry-run', '--status'],
      'bouquet: --status lists what --dry-run lists and more: give one of them.\n',
    ],
  ])('answers %j with one sentence and exit code 2', async (args, stderr) => {
    expect(await bouquet(args)).toEqual({ exitCode: 2, stdout: '', stderr });
  });

  it('names every wrong variable, and no value, with exit code 2', async () => {
    const { exitCode, stderr } = await bouquet(['migrate'], { PORT: 'eighty', LOG_LEVEL: 'loud' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^bouquet: the configuration is wrong:\n {2}PORT: .+\n {2}LOG_LEVEL: .+\n$/);
    expect(stderr).not.toMatch(/eighty|"loud"/);
  });

  it('completes commands and options', async () => {
    expect((await bouquet(['--get-yargs-completions', 'bouquet', 'mi'])).stdout).toContain('migrate\n');
    expect((await bouquet(['--get-yargs-completions', 'bouquet', 'migrate', '--dry'])).stdout).toContain(
      '--dry-run',
    );
  });
});

describe('bouquet migrate', () => {
  it('tells what is pending without making a database, and applies it', async () => {
    const before = await bouquet(['migrate', '--dry-run']);
    expect(before.stdout).toContain('pending  20261124000000_events\n');
    expect((await bouquet(['migrate'])).stdout).toBe(before.stdout.replaceAll('pending', 'applied'));
    expect((await bouquet(['migrate', '--status'])).stdout).toBe(
      before.stdout.replaceAll('pending', 'applied'),
    );
  });
});
