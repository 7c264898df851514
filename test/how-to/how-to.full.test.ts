import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild, startChild, type ChildServer } from '../e2e/child-server.ts';
import { readSteps } from './read-steps.ts';

const root = join(import.meta.dirname, '../..');
const clients = join(root, 'test/clients');
const pages = readdirSync(join(root, 'docs/how-to')).filter((name) => name.endsWith('.md'));
const secret = Buffer.alloc(48, 7).toString('base64');
const run = promisify(execFile);

/** `npm install` is stood in for by the locked packages of test/clients/; all else runs as it is written. */
const prelude = `set -euo pipefail
npm() { if [ "$1" != install ]; then command npm "$@"; fi; }
bouquet() { (cd '${root}' && command npm run --silent bouquet -- "$@"); }
`;

describe('docs/how-to', () => {
  let dataDir: string;
  let server: ChildServer;
  let environment: NodeJS.ProcessEnv;
  const workspaces: string[] = [];
  beforeAll(async () => {
    if (!existsSync(join(clients, 'node_modules/.package-lock.json'))) {
      await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: clients });
    }
    dataDir = mkdtempSync(join(tmpdir(), 'bouquet-how-to-'));
    const settings = {
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      JWT_SECRET: secret,
      JWT_ISSUER: 'https://id.example',
      JWT_AUDIENCE: 'bouquet',
    };
    await runChild(settings, ['seed']).ended;
    server = await startChild(settings);
    environment = {
      ...process.env,
      ...settings,
      NODE_ENV: undefined,
      BOUQUET_URL: server.url,
      TOKEN: await tokenOf('user-1', ''),
      DASHBOARD_TOKEN: await tokenOf('somebody-inside', 'dashboard'),
      VENDOR: 'vendor-1',
    };
  }, 180_000);
  afterAll(async () => {
    server.process.kill('SIGTERM');
    await server.ended;
    for (const folder of [dataDir, ...workspaces]) rmSync(folder, { recursive: true, force: true });
  });

  it.each(pages)('%s works as it is written', async (page) => {
    // Below the packages of the clients, so that its files find them.
    const workspace = mkdtempSync(join(clients, '.workspace-'));
    workspaces.push(workspace);
    let script = prelude;
    for (const step of readSteps(page)) {
      if (step.kind === 'commands') script += `${step.text}\n`;
      else {
        mkdirSync(join(workspace, dirname(step.path)), { recursive: true });
        writeFileSync(join(workspace, step.path), step.text);
      }
    }
    const { code, said } = await runScript(script, workspace, environment);
    expect(code, `${page} does not work as it is written:\n${said}`).toBe(0);
    expect(said).not.toContain('Something went wrong');
  });
});

/** Runs a script of bash; what it says is both of its outputs. */
function runScript(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}

function tokenOf(subject: string, scope: string): Promise<string> {
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuer('https://id.example')
    .setAudience('bouquet')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(secret));
}
