import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAttacked, post, startAttacked, type AttackedServer, type Reply } from './attacked-server.ts';

/**
 * What graphql-cop (https://github.com/dolevf/graphql-cop) looks for, one test each. Strangers come to a server in
 * production; the limits are tried by a caller who may do everything.
 */
describe('graphql-cop', () => {
  let production: AttackedServer;
  let development: AttackedServer;
  beforeAll(async () => {
    production = await startAttacked({ NODE_ENV: 'production' });
    development = await startAttacked({});
  });
  afterAll(() => Promise.all([production.close(), development.close()]));

  const stranger = (query: string): Promise<Reply> => askAttacked(production.url, post({ query }));
  const friend = (body: unknown): Promise<Reply> => askAttacked(development.url, post(body));
  const times = (count: number, part: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => part(index)).join(' ');

  it('alias overloading', async () => {
    const query = `query cop { ${times(101, (i) => `alias${i}: __typename`)} }`;
    expect(await friend({ query })).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it('array-based query batching', async () => {
    const batch = Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }));
    expect(await friend(batch)).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it('directive overloading', async () => {
    const query = `query cop { __typename ${'@aa'.repeat(10)}${'@bb'.repeat(10)} }`;
    expect(await friend({ query })).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    // Fewer are unknown, and none is run.
    expect(await friend({ query: `{ __typename ${'@aa'.repeat(10)} }` })).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
  });

  it('field duplication', async () => {
    const query = `query cop { ${'__typename '.repeat(500)} }`;
    expect(await friend({ query })).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it('circular introspection', async () => {
    const query =
      'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }';
    expect(await friend({ query })).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await stranger(query)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });

  it('circular fragments', async () => {
    const query = 'query cop { ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    expect(await friend({ query })).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it('introspection', async () => {
    for (const query of [getIntrospectionQuery(), 'query cop { __schema { types { name } } }']) {
      expect(await stranger(query)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      const get = { headers: { 'x-user-id': 'mallory' } };
      const search = `?query=${encodeURIComponent(query)}`;
      expect(await askAttacked(production.url, get, search)).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('field suggestions', async () => {
    const { text } = await stranger('query cop { conten(id: "a") { id } }');
    expect(text).not.toContain('Did you mean');
    expect(text).not.toContain('content');
  });

  it('GraphiQL or another IDE', async () => {
    for (const path of ['/graphql', '/graphiql', '/playground', '/console', '/altair', '/']) {
      const response = await fetch(`${production.url}${path}`, { headers: { accept: 'text/html' } });
      const page = await response.text();
      expect(response.headers.get('content-type') ?? '').not.toContain('text/html');
      expect(page).not.toMatch(/graphi?ql.*<script|playground|altair/i);
    }
  });

  it('mutation over GET', async () => {
    const search = `?query=${encodeURIComponent('mutation cop { refreshFeed { discarded } }')}`;
    expect(await askAttacked(production.url, {}, search)).toMatchObject({
      status: 403,
      code: 'DOCUMENT_REQUIRED',
    });
    expect(await askAttacked(development.url, {}, search)).toMatchObject({
      status: 405,
      code: 'BAD_USER_INPUT',
    });
  });

  it('query over GET, as a page of another origin sends it', async () => {
    const search = `?query=${encodeURIComponent('query cop { __typename }')}`;
    expect(await askAttacked(production.url, {}, search)).toMatchObject({
      status: 403,
      code: 'DOCUMENT_REQUIRED',
    });
  });

  it('POST of a form, as a page of another origin sends it', async () => {
    const query = 'mutation cop { refreshFeed { discarded } }';
    const form = new FormData();
    form.set('operations', JSON.stringify({ query }));
    form.set('map', '{}');
    const bodies: RequestInit[] = [
      { body: new URLSearchParams({ query }) },
      { body: JSON.stringify({ query }), headers: { 'content-type': 'text/plain' } },
      { body: query, headers: { 'content-type': 'application/graphql' } },
      { body: form },
      { body: new Blob([JSON.stringify({ query })]) },
    ];
    for (const { url } of [production, development]) {
      for (const init of bodies) {
        expect(await askAttacked(url, { method: 'POST', ...init })).toMatchObject({
          status: 415,
          code: 'BAD_USER_INPUT',
        });
      }
    }
  });

  it('tracing', async () => {
    const { text } = await askAttacked(
      development.url,
      post({ query: '{ __typename }' }, { 'apollo-tracing': '1', 'apollo-federation-include-trace': 'ftv1' }),
    );
    expect(JSON.parse(text)).toEqual({ data: { __typename: 'Query' } });
  });

  it('unhandled errors', async () => {
    const bodies = ['qwerty cop { abc }', '', '{', '\u0000', 'query { __typename'];
    for (const query of bodies) {
      const { code, text } = await friend({ query });
      // Without any text there is no document, neither one to parse nor the id of one.
      expect(code).toBe(query === '' ? 'BAD_USER_INPUT' : 'GRAPHQL_PARSE_FAILED');
      expect(text).not.toMatch(/exception|stacktrace|node_modules|\.ts:/i);
    }
    for (const body of [
      'null',
      '1',
      '"a"',
      '{',
      '',
      '{"query":1}',
      '{"query":"{ __typename }","variables":[]}',
    ]) {
      const { status, code, text } = await askAttacked(development.url, post(body));
      expect([status, code], body).toEqual([400, 'BAD_USER_INPUT']);
      expect(text).not.toMatch(/exception|stacktrace|node_modules|\.ts:/i);
    }
  });
});
