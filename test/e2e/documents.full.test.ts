import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../support/databases.ts';
import { runChild, startChild, type ChildServer } from './child-server.ts';

const source = 'query Fresh {\n  regions {\n    code\n  }\n}';

/** `bouquet documents` beside two servers on one PostgreSQL, each a process. */
describe('bouquet documents', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bq-documents-'));
  const file = join(folder, 'fresh.graphql');
  let environment: NodeJS.ProcessEnv;
  let servers: ChildServer[];
  let drop: () => Promise<void>;
  beforeAll(async () => {
    writeFileSync(file, source);
    const database = await createPostgresDatabase();
    drop = database.drop;
    environment = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') };
    mkdirSync(join(folder, 'data'));
    servers = await Promise.all([startChild(environment), startChild(environment)]);
  });
  afterAll(async () => {
    for (const server of servers) server.process.kill('SIGKILL');
    await Promise.all(servers.map(({ ended }) => ended));
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const documents = async (...args: string[]): Promise<{ code: number | string; output: string }> => {
    const child = runChild(environment, ['documents', ...args]);
    return { code: await child.ended, output: child.output() };
  };

  /** What each server answers to the document of `id`. */
  const answers = (id: string): Promise<unknown[]> =>
    Promise.all(
      servers.map(async ({ url }) => {
        const response = await fetch(`${url}/graphql?documentId=sha256:${id}`);
        return response.status;
      }),
    );

  it('publishes to every server and removes from every server, while they run', async () => {
    const dry = await documents('publish', file, '--dry-run');
    expect(dry.output).toMatch(/^would publish {2}Fresh /);
    const id = /sha256:([0-9a-f]{64})/.exec(dry.output)?.[1] ?? '';
    expect(await answers(id)).toEqual([404, 404]);
    expect((await documents('publish', file)).output).toMatch(/^published {2}Fresh /);
    await expect.poll(() => answers(id), { timeout: 5_000 }).toEqual([200, 200]);
    expect((await documents('publish', file)).output).toMatch(/^unchanged {2}Fresh /);
    expect((await documents('list')).output).toMatch(
      new RegExp(`Fresh +sha256:${id} +query +cost +\\d+ +public 300 s`),
    );
    expect((await documents('remove', 'Fresh')).output).toContain(`removed  Fresh  sha256:${id}`);
    await expect.poll(() => answers(id), { timeout: 5_000 }).toEqual([404, 404]);
  });

  it('keeps a key’s list apart from everybody’s', async () => {
    const { output } = await documents('publish', file, '--key', 'key-1');
    const id = /sha256:([0-9a-f]{64})/.exec(output)?.[1] ?? '';
    const listed: unknown = JSON.parse((await documents('list', '--key', 'key-1', '--json')).output);
    expect(listed).toMatchObject([{ key: 'key-1', id, name: 'Fresh', valid: true }]);
    expect(await answers(id)).toEqual([404, 404]);
  });

  it('fails a check with file, line and reason, and publishes nothing of a batch with a mistake', async () => {
    const broken = join(folder, 'broken.graphql');
    writeFileSync(broken, 'query Broken {\n  nothing\n}');
    const check = await documents('check', broken);
    expect(check.code).toBe(1);
    expect(check.output).toContain(`${broken}:2: Cannot query field "nothing" on type "Query".`);
    expect((await documents('publish', file, broken)).code).toBe(1);
    const listed: { key: string | null; name: string }[] = JSON.parse(
      (await documents('list', '--json')).output,
    );
    expect(listed.filter(({ key, name }) => key === null && name === 'Fresh')).toEqual([]);
    expect((await documents('check')).code).toBe(0);
  });

  it('shows what was run, once the servers have ended', async () => {
    const published = await documents('publish', file);
    const id = /sha256:([0-9a-f]{64})/.exec(published.output)?.[1] ?? '';
    await expect.poll(() => answers(id), { timeout: 5_000 }).toEqual([200, 200]);
    for (const server of servers) server.process.kill('SIGTERM');
    expect(await Promise.all(servers.map(({ ended }) => ended))).toEqual([0, 0]);
    const listed: { key: string | null; name: string; usage: { runs: number }[] }[] = JSON.parse(
      (await documents('list', '--usage', '--json')).output,
    );
    const runs = listed.find(({ key, name }) => key === null && name === 'Fresh')?.usage[0]?.runs;
    expect(runs).toBeGreaterThanOrEqual(2);
  });
});
