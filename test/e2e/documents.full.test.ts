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

  /** The public id of a new key of scope partner. */
  const newKey = async (): Promise<string> => {
    const child = runChild(environment, ['keys', 'create', '--name', 'x', '--scope', 'partner', '--json']);
    await child.ended;
    return /"id": "(\w+)"/.exec(child.output())?.[1] ?? '';
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
    const key = await newKey();
    const { output } = await documents('publish', file, '--key', key);
    const id = /sha256:([0-9a-f]{64})/.exec(output)?.[1] ?? '';
    const listed: unknown = JSON.parse((await documents('list', '--key', key, '--json')).output);
    expect(listed).toMatchObject([{ key, id, name: 'Fresh', valid: true }]);
    expect(await answers(id)).toEqual([404, 404]);
  });

  it('publishes for a key that is accepted, and what it can use', async () => {
    const write = join(folder, 'write.graphql');
    writeFileSync(write, 'mutation Write {\n  deleteContents(ids: []) {\n    deletedIds\n  }\n}');
    const key = await newKey();
    for (const action of ['check', 'publish']) {
      expect(await documents(action, file, '--key', 'nobody')).toMatchObject({
        code: 1,
        output: expect.stringContaining('no key has the id nobody'),
      });
      expect(await documents(action, write, '--key', key)).toMatchObject({
        code: 1,
        output: expect.stringContaining(`${write}:2: Mutation.deleteContents needs scope catalogue`),
      });
      expect(await documents(action, file, '--key', key)).toMatchObject({ code: 0 });
    }
    await runChild(environment, ['keys', 'revoke', key]).ended;
    for (const action of ['check', 'publish']) {
      expect(await documents(action, file, '--key', key)).toMatchObject({
        code: 1,
        output: expect.stringContaining('is revoked'),
      });
    }
    expect(await documents('remove', 'Fresh', '--key', key)).toMatchObject({ code: 0 });
  });

  it('fails a check with file, line and reason, and publishes nothing of a batch with a mistake', async () => {
    const broken = join(folder, 'broken.graphql');
    writeFileSync(broken, 'query Broken {\n  nothing\n}');
    const check = await documents('check', broken);
    expect(check.code).toBe(1);
    expect(check.output).toContain(`${broken}:2: Cannot query field "nothing" on type "Query".`);
    for (const files of [
      [file, broken],
      [broken, file],
    ]) {
      expect((await documents('publish', ...files)).code).toBe(1);
    }
    const listed: { key: string | null; name: string }[] = JSON.parse(
      (await documents('list', '--json')).output,
    );
    expect(listed.filter(({ key, name }) => key === null && name === 'Fresh')).toEqual([]);
    expect((await documents('check')).code).toBe(0);
  });

  it('publishes and removes several at once', async () => {
    const second = join(folder, 'second.graphql');
    writeFileSync(second, source.replace('Fresh', 'Second'));
    expect((await documents('publish', file, second)).output).toMatch(
      /published {2}Fresh .*\npublished {2}Second /,
    );
    expect((await documents('remove', 'Fresh', 'Second')).output).toMatch(
      /removed {2}Fresh .*\nremoved {2}Second /,
    );
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
