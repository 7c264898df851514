import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatApiKey, newKeyId, newSecret } from '../../gateway/callers/api-key.ts';
import { openDatabase, type Database } from '../../platform/database/database.ts';
import { readConfig } from '../../platform/config/config.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { neverPrinted, secretsIn } from '../e2e/printed-secrets.ts';
import { createKey, startAllInOne, startDistributed, tokenOf, type Production } from '../e2e/production.ts';
import { json } from '../e2e/send.ts';
import { changeTypesOfIds, refuseWrites } from './break-database.ts';
import { documentRequests, refusedRequests, type MarkedRequest } from './marked-requests.ts';
import { marks } from './marks.ts';

type SentHeaders = Readonly<Record<string, string>>;

const verbose = { LOG_LEVEL: 'trace', RATE_LIMIT_PER_HOUR: '0' };

describe.each([
  { form: 'all in one', start: () => startAllInOne(verbose) },
  { form: 'distributed', start: () => startDistributed(verbose) },
])('the logs of a production, $form', ({ form, start }) => {
  let production: Production;
  let database: Database;
  let accepted: SentHeaders[];
  let refused: SentHeaders[];
  let ended = false;
  beforeAll(async () => {
    production = await start();
    const { environment } = production;
    database = await openDatabase(readConfig(environment), { share: true, logger: createLogger('silent') });
    const token = await tokenOf(marks.user, { email: marks.mail });
    const insider = await tokenOf(`${marks.user}-2`, {
      scope: 'dashboard catalogue experiments privacy',
      name: marks.mail,
    });
    const backend = await createKey(environment, '--scope', 'delegate', '--scope', 'dashboard');
    accepted = [
      { authorization: `Bearer ${token}` },
      { authorization: `Bearer ${insider}` },
      { 'x-api-key': backend.text, 'x-on-behalf-of': marks.user },
      { 'x-api-key': backend.text },
      { 'x-anonymous-id': marks.anonymousId, 'x-user-id': marks.user },
    ];
    const partner = await createKey(environment, '--scope', 'partner');
    const spent = await createKey(environment, '--scope', 'dashboard', '--limit', '1');
    refused = [
      { authorization: `Bearer ${token.slice(0, -4)}AAAA` },
      { authorization: `Bearer ${await tokenOf(marks.user, { aud: marks.mail })}` },
      { authorization: `Bearer ${await tokenOf(marks.mail, { exp: 1, email: marks.mail })}` },
      { authorization: `Bearer ${await tokenOf(`${marks.mail} of ${marks.user}`)}` },
      { authorization: `Basic ${Buffer.from(`${marks.user}:${marks.mail}`).toString('base64')}` },
      { authorization: marks.mail },
      { 'x-api-key': neverPrinted(formatApiKey({ id: newKeyId(), secret: newSecret() })) },
      { 'x-api-key': neverPrinted(formatApiKey({ id: backend.id, secret: newSecret() })) },
      { 'x-api-key': backend.text.slice(0, -1) },
      { 'x-api-key': marks.mail },
      { 'x-api-key': backend.text, authorization: `Bearer ${token}` },
      { 'x-api-key': backend.text, 'x-on-behalf-of': `anonymous:${marks.mail}` },
      { 'x-api-key': partner.text, 'x-on-behalf-of': marks.user },
      { authorization: `Bearer ${token}`, 'x-on-behalf-of': marks.mail },
      { 'x-on-behalf-of': marks.user },
      { 'x-anonymous-id': marks.mail },
      { 'x-api-key': spent.text },
      { cookie: `session=${token}`, 'x-bouquet-caller': token },
    ];
  });
  afterAll(async () => {
    await database.close();
    if (!ended) await production.close();
  });

  /** Sends every request as each of `callers`; returns how often each status was answered. */
  const sendAll = async (
    requests: MarkedRequest[],
    callers: SentHeaders[],
  ): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const headers of callers) {
      await Promise.all(
        requests.map(async ({ path, init }) => {
          const response = await fetch(`${production.url}${path}`, {
            ...init,
            headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers },
          });
          const text = await response.text();
          // A description of the API names every code.
          const codes = text.startsWith('{"openapi"') ? [] : (text.match(/(?<="code":")[A-Z_]+/g) ?? []);
          for (const what of [response.status, ...new Set(codes)]) counts[what] = (counts[what] ?? 0) + 1;
        }),
      );
    }
    return counts;
  };

  const print = (): string => production.servers.map(({ output }) => output()).join('\n');

  it('show nothing of what callers send, whether it is answered or refused', async () => {
    const answered = await sendAll(documentRequests(), accepted);
    expect(answered['200']).toBeGreaterThan(100);
    expect(answered['INTERNAL_SERVER_ERROR']).toBeUndefined();
    const counts = await sendAll(refusedRequests(), [...accepted, ...refused]);
    expect(Object.keys(counts)).toEqual(
      expect.arrayContaining([
        'BAD_USER_INPUT',
        'UNAUTHENTICATED',
        'FORBIDDEN',
        'RATE_LIMITED',
        'QUERY_TOO_COMPLEX',
        'DOCUMENT_NOT_FOUND',
        'DOCUMENT_REQUIRED',
        'GRAPHQL_PARSE_FAILED',
        'GRAPHQL_VALIDATION_FAILED',
      ]),
    );
    expect(counts['INTERNAL_SERVER_ERROR']).toBeUndefined();
    await sendAll(documentRequests(), refused);
    for (const { url } of production.servers) {
      for (const headers of [...accepted, ...refused]) {
        const init = json({ query: `{ content(id: "${marks.mail}") { id } }` }, headers);
        await (await fetch(`${url}/graphql?mail=${marks.mail}`, init)).text();
      }
    }
    expect(print()).toContain('"level":30');
    expect(secretsIn(print())).toEqual([]);
  });

  it('show nothing of rows and values that the database refuses', async () => {
    const repair = await refuseWrites(database.pool);
    const writes = await sendAll(documentRequests(), accepted);
    expect(writes['INTERNAL_SERVER_ERROR']).toBeGreaterThan(10);
    await repair();
    await changeTypesOfIds(database.pool);
    const reads = await sendAll(documentRequests(), accepted);
    expect(reads['INTERNAL_SERVER_ERROR']).toBeGreaterThan(10);
    expect(print().match(/a request failed/g)?.length).toBeGreaterThan(20);
    expect(secretsIn(print())).toEqual([]);
  });

  it('show nothing where a subgraph or the database is away', async () => {
    const [, ...subgraphs] = production.servers;
    const answered: (number | undefined)[] = [];
    for (const subgraph of subgraphs) {
      subgraph.process.kill('SIGKILL');
      await subgraph.ended;
      answered.push((await sendAll(documentRequests(), accepted))['DEPENDENCY_UNAVAILABLE']);
    }
    expect(answered).toEqual(subgraphs.map(() => expect.any(Number)));
    if (form === 'distributed') await endConnections(production.environment);
    await sendAll(documentRequests(), [...accepted, ...refused]);
    await production.close();
    ended = true;
    expect(secretsIn(print())).toEqual([]);
  });
});

/** Has PostgreSQL break every connection of the production. */
async function endConnections({ DATABASE_URL }: NodeJS.ProcessEnv): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await client.end();
}
