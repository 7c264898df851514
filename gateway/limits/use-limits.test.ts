import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopes, type Caller, type Scope } from '#platform/caller/caller.ts';
import { subgraphNames } from '#platform/config/config.ts';
import { loadSubgraphSchema } from '#platform/graphql/load-schema.ts';
import { maxBodyBytes } from '#platform/http/body.ts';
import { createLogger } from '#platform/logging/logger.ts';
import type { RegisteredDocument } from '../documents/registered-document.ts';
import { noDocuments } from '../documents/test/no-documents.ts';
import { createGateway, type SubgraphPlace } from '../execution/gateway-runtime.ts';
import type { FreeQueryRules } from './free-queries.ts';

/** Every field of it is null, which is all that a request needs that is let through. */
function emptySubgraph(name: (typeof subgraphNames)[number]): SubgraphPlace {
  const subgraph = {
    name,
    schema: loadSubgraphSchema(name, {}),
    createContext: () => ({}),
    consumers: [],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  return { kind: 'in-process', subgraph };
}

function gatewayWith(freeQueries: FreeQueryRules) {
  const places = new Map(subgraphNames.map((name) => [name, emptySubgraph(name)]));
  return createGateway({ places, documents: noDocuments, freeQueries, logger: createLogger('silent') });
}

function user(...held: Scope[]): Caller {
  return { kind: 'user', userId: 'u1', scopes: new Set(held), region: null, locale: null, key: null };
}
const dashboard = user('dashboard');
const stranger: Caller = {
  kind: 'anonymous',
  anonymousId: null,
  scopes: new Set(),
  region: null,
  locale: null,
  key: null,
};

interface Ask {
  readonly caller?: Caller;
  readonly variables?: object | null;
  readonly method?: string;
  readonly bodyBytes?: number;
  readonly document?: RegisteredDocument | null;
}

function documentOf(text: string): RegisteredDocument {
  const traits = {
    description: null,
    kind: 'query',
    cost: 1,
    maxAgeMs: 0,
    scope: 'PUBLIC',
    partner: false,
  } as const;
  return { id: 'a'.repeat(64), name: 'Registered', text, ...traits };
}

describe('useLimits', () => {
  const gateway = gatewayWith({ mode: 'known', development: false });
  beforeAll(async () => void (await ask('{ content(id: "a") { id } }')));
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function ask(
    query: string | readonly object[],
    { caller = user(), variables = {}, method = 'POST', bodyBytes = 0, document = null }: Ask = {},
  ): Promise<{ status: number; code: string | null; message: string }> {
    const body = typeof query === 'string' ? { query, variables } : query;
    const search = method === 'GET' && typeof query === 'string' ? `?query=${encodeURIComponent(query)}` : '';
    const answer = await gateway.fetch(
      `http://gateway/graphql${search}`,
      {
        method,
        headers: { 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      },
      { bouquet: { caller, requestId: 'r', failed: false, bodyBytes, document } },
    );
    const { errors }: { errors?: { message: string; extensions: { code: string } }[] } = await answer.json();
    const [error] = errors ?? [];
    return { status: answer.status, code: error?.extensions.code ?? null, message: error?.message ?? '' };
  }

  it('lets a query within the limits through, by POST', async () => {
    expect(await ask('{ content(id: "a") { id title } }')).toMatchObject({ status: 200, code: null });
    expect(await ask('{ content(id: "a") { id } }', { method: 'GET' })).toMatchObject({
      status: 403,
      code: 'DOCUMENT_REQUIRED',
    });
  });

  it('names the limit and what was measured', async () => {
    const deep =
      '{ content(id: "a") { similar { similar { similar { similar { similar { similar { similar { id } } } } } } } } }';
    const answer = await ask(deep);
    expect(answer).toEqual({
      status: 400,
      code: 'QUERY_TOO_COMPLEX',
      message: 'The document is 9 fields deep; the limit is 8.',
    });
  });

  it('reads no more than 1,000 tokens', async () => {
    const long = (ids: number): string => `{ contents(ids: [${'"a" '.repeat(ids)}]) { id } }`;
    expect(await ask(long(988))).toMatchObject({ code: null });
    expect(await ask(long(989))).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    expect(await ask(long(900).replace('}', '('))).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
  });

  it('takes no more than 32,768 characters, spaces and comments included', async () => {
    const query = '{ content(id: "a") { id } } #';
    expect(await ask(query.padEnd(32_768))).toMatchObject({ code: null });
    expect(await ask(query.padEnd(32_769))).toMatchObject({
      status: 400,
      code: 'QUERY_TOO_COMPLEX',
      message: expect.stringContaining('32769 characters; the limit is 32768'),
    });
  });

  it('counts the cost anew for other variables of the same document', async () => {
    const query =
      'query($n: Int!) { trending(first: $n) { similar(first: $n) { vendor { contents(first: 5) { totalCount } } } } }';
    expect(await ask(query, { variables: { n: 10 } })).toMatchObject({ code: null });
    expect(await ask(query, { variables: { n: 100 } })).toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      message: expect.stringMatching(/costs 30100, .*limit is 5000/),
    });
    expect(await ask(query, { variables: { n: 10 } })).toMatchObject({ code: null });
  });

  it('counts defaults where the variables are null', async () => {
    const query =
      'query($n: Int! = 10) { trending(first: $n) { similar(first: $n) { vendor { contents(first: $n) { totalCount } } } } }';
    expect(await ask(query, { variables: null })).toMatchObject({ code: null });
  });

  it('refuses batches', async () => {
    const one = { query: '{ content(id: "a") { id } }' };
    expect(await ask([one, one])).toEqual({
      status: 400,
      code: 'QUERY_TOO_COMPLEX',
      message: 'The request is an array of 2 operations; the limit is one, and no array. Send each alone.',
    });
    expect(await ask([])).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it('keeps introspection for scope dashboard, and exempts it from depth and cost', async () => {
    const hidden = 'query { ...A } fragment A on Query { ... { s: __type(name: "Query") { name } } }';
    for (const query of [getIntrospectionQuery(), '{ __schema { types { name } } }', hidden]) {
      for (const caller of [stranger, user()]) {
        expect(await ask(query, { caller })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      }
    }
    expect(await ask(getIntrospectionQuery(), { caller: dashboard })).toMatchObject({
      status: 200,
      code: null,
    });
    const partner = user('partner', 'dashboard');
    expect(await ask('{ __schema { types { name } } }', { caller: partner })).toMatchObject({
      code: 'DOCUMENT_REQUIRED',
    });
  });

  it('asks strangers for a document, and takes one', async () => {
    const query = '{ content(id: "a") { id } }';
    expect(await ask(query, { caller: stranger })).toMatchObject({ status: 403, code: 'DOCUMENT_REQUIRED' });
    const persisted = { caller: stranger, document: documentOf(query), method: 'GET' };
    expect(await ask(query, persisted)).toMatchObject({ status: 200, code: null });
  });

  it('tells of a document no more than ten mistakes', async () => {
    const unused = Array.from({ length: 50 }, (_, index) => `$v${index}: ID`).join(' ');
    const answer = await gateway.fetch(
      'http://gateway/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `query (${unused}) { content(id: "a") { id } }` }),
      },
      { bouquet: { caller: user(), requestId: 'r', failed: false, bodyBytes: 0, document: null } },
    );
    const { errors }: { errors: { extensions: { code: string } }[] } = await answer.json();
    // The last one says that there are more.
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(
      Array.from({ length: 11 }, () => 'GRAPHQL_VALIDATION_FAILED'),
    );
  });

  it('validates ten long documents of a caller at once, and the same ones again and again', async () => {
    const long = (name: number): string => `query Q${name}(${'$a: ID '.repeat(240)}) { __typename }`;
    const askOther = async (name: number, userId = 'many') => {
      const { status, code } = await ask(long(name), {
        caller: { ...user(), kind: 'user', userId, key: null },
      });
      return `${status} ${code}`;
    };
    const asked: string[] = [];
    for (let name = 0; name < 12; name++) asked.push(await askOther(name));
    expect(new Set(asked.slice(0, 10))).toEqual(new Set(['200 GRAPHQL_VALIDATION_FAILED']));
    expect(asked.at(-1)).toBe('429 RATE_LIMITED');
    expect([await askOther(0), await askOther(20, 'another')]).toEqual(asked.slice(0, 2));
  });

  it('reads no text of those who must send documents', async () => {
    for (const query of ['not GraphQL', `{ ${'a '.repeat(20_000)} }`]) {
      expect(await ask(query, { caller: stranger })).toMatchObject({
        status: 403,
        code: 'DOCUMENT_REQUIRED',
      });
    }
  });

  it('suggests no names to those who may not read the schema', async () => {
    const typo = '{ contnt(id: "a") { id } }';
    const wrongEnum = 'query($w: Window!) { systemHealth(window: $w) { requests } }';
    const variables = { w: 'LAST_HOURS' };
    for (const caller of [dashboard, user(), dashboard]) {
      const suggested = caller === dashboard;
      const validation = await ask(typo, { caller });
      expect(validation.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(validation.message.includes('Did you mean')).toBe(suggested);
      const coercion = await ask(wrongEnum, { caller, variables });
      expect(coercion.code).toBe('BAD_USER_INPUT');
      expect(coercion.message.includes('LAST_HOUR"')).toBe(suggested);
    }
  });

  it('takes a large body from catalogues and for interactions', async () => {
    const bodyBytes = maxBodyBytes + 1;
    const record = 'mutation($i: [InteractionInput!]!) { recordInteractions(input: $i) { accepted } }';
    const variables = { i: [] };
    // Let through to the subgraph, where nothing resolves it.
    expect((await ask(record, { variables, bodyBytes })).status).not.toBe(413);
    expect(
      (await ask('{ content(id: "a") { id } }', { caller: user('catalogue'), bodyBytes })).code,
    ).toBeNull();
    for (const query of ['{ content(id: "a") { id } }', record.replace('{ rec', '{ __typename rec')]) {
      expect(await ask(query, { variables, bodyBytes })).toMatchObject({
        status: 413,
        code: 'BAD_USER_INPUT',
      });
    }
  });

  it('leaves cycles to validation, whatever hides in them', async () => {
    const cycle =
      '{ content(id: "a") { ...A } } fragment A on Content { ...B } fragment B on Content { similar { ...A } }';
    expect(await ask(cycle)).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });
});

describe('GraphiQL', () => {
  it('is for those who may read the schema', async () => {
    const gateway = gatewayWith({ mode: 'known', development: true });
    const pageFor = async (caller: Caller): Promise<string | null> => {
      const answer = await gateway.fetch(
        'http://gateway/graphql',
        { headers: { accept: 'text/html' } },
        { bouquet: { caller, requestId: 'r', failed: false, bodyBytes: 0, document: null } },
      );
      return answer.headers.get('content-type');
    };
    expect(await pageFor(user(...scopes))).toBe('text/html');
    expect(await pageFor(stranger)).not.toBe('text/html');
    await gateway[Symbol.asyncDispose]();
  });
});
