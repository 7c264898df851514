import { GraphQLError, type ExecutionResult } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/caller/caller.ts';
import { RequestError, type ErrorCode } from '#platform/errors/request-error.ts';
import { HttpServer } from '#platform/http/http-server.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { Telemetry } from '#platform/telemetry/telemetry.ts';
import { operationsOf } from '../../test/support/openapi-checks.ts';
import type { RegisteredDocument } from '../documents/registered-document.ts';
import type { DocumentSource } from './document-source.ts';
import { errorCodes } from '#platform/errors/request-error.ts';
import { restStatusOf } from './rest-answer.ts';
import type { Execute } from './rest-handler.ts';
import { restRoute } from './rest.ts';
import { documentOf, publicSchema } from './test/document-of.ts';

const me = documentOf('query Me { me { id } }');
const vendor = documentOf('query VendorPage($id: ID!) { vendor(id: $id) { name } }');
const both = documentOf('query Both { me { id } regions { code } }');
const follow = documentOf(
  'mutation Follow($vendorId: ID!) { followVendor(vendorId: $vendorId) { following } }',
);
const refresh = documentOf('mutation Refresh { refreshFeed { discarded } }');
const ownMe = documentOf('query Me { me { id region } }');

/** The partner key has a list of its own, everybody else the public documents. */
class Lists implements DocumentSource {
  documents: readonly RegisteredDocument[] = [me, vendor, both, follow, refresh, ownMe];
  all = () => this.documents;
  find = (id: string, caller: Caller) => {
    const list = caller.key === null ? this.documents.filter((one) => one !== ownMe) : [vendor, ownMe];
    return list.find((document) => document.id === id && this.documents.includes(document)) ?? null;
  };
}

const traits = { scopes: new Set([]), region: null, locale: null };
const stranger: Caller = { kind: 'anonymous', anonymousId: null, key: null, ...traits };
const partner: Caller = { kind: 'key', key: { id: 'k1', vendorId: null }, ...traits };

const running: HttpServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.drain(100))));

async function serve(execute: Execute = () => Promise.resolve({ data: { me: null } })) {
  const documents = new Lists();
  const logger = createLogger('silent');
  const server = new HttpServer({
    graphql: () => Promise.reject(new Error('not here')),
    ready: () => Promise.resolve(true),
    route: restRoute({
      documents,
      lookAgain: () => Promise.resolve(),
      schema: publicSchema,
      execute,
      callerOf: ({ headers }) => {
        if (headers['x-api-key'] === undefined) return Promise.resolve(stranger);
        if (headers['x-api-key'] === 'known') return Promise.resolve(partner);
        return Promise.reject(new RequestError('UNAUTHENTICATED', 'No such key.'));
      },
      telemetry: new Telemetry(),
      logger,
    }),
    logger,
  });
  running.push(server);
  const url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  const ask = async (path: string, init?: RequestInit): Promise<[number, unknown]> => {
    const response = await fetch(`${url}${path}`, init);
    return [response.status, await response.json()];
  };
  const described = async (init?: RequestInit): Promise<string[]> =>
    operationsOf((await ask('/openapi.json', init))[1]).map(({ method, path }) => `${method} ${path}`);
  return { url, documents, ask, described };
}

const answering = (result: ExecutionResult) => serve(() => Promise.resolve(result));
const error = (code: ErrorCode, path?: (string | number)[]): GraphQLError =>
  new GraphQLError('why', { path: path ?? null, extensions: { code, http: { status: 500 } } });
const asPartner = { headers: { 'x-api-key': 'known' } };

describe('the documents of a caller', () => {
  it('are what the description shows and what the routes answer, by list', async () => {
    const { ask, described } = await serve((document) =>
      Promise.resolve({ data: { me: { id: document === ownMe ? 'own' : 'public' } } }),
    );
    expect(await described(asPartner)).toEqual(['get /v1/vendor-page/{id}', 'get /v1/me']);
    expect(await described()).toEqual([
      'get /v1/me',
      'get /v1/vendor-page/{id}',
      'get /v1/both',
      'post /v1/follow',
      'post /v1/refresh',
    ]);
    expect(await ask('/v1/me', asPartner)).toEqual([200, { data: { id: 'own' } }]);
    expect(await ask('/v1/me')).toEqual([200, { data: { id: 'public' } }]);
    expect(await ask('/v1/both', asPartner)).toMatchObject([
      404,
      { errors: [{ extensions: { code: 'DOCUMENT_NOT_FOUND' } }] },
    ]);
  });

  it('are followed when they change', async () => {
    const { ask, described, documents } = await serve();
    expect((await ask('/v1/me'))[0]).toBe(200);
    documents.documents = [both];
    expect((await ask('/v1/me'))[0]).toBe(404);
    expect(await described()).toEqual(['get /v1/both']);
  });

  it('are nobody’s whose key is refused', async () => {
    const { ask } = await serve();
    const refused = { headers: { 'x-api-key': 'wrong' } };
    for (const path of ['/v1/me', '/openapi.json']) {
      expect(await ask(path, refused)).toEqual([
        401,
        { errors: [{ message: 'No such key.', extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
    }
  });
});

describe('an answer', () => {
  it('is the value of the only root field, or an object of several', async () => {
    const { ask } = await answering({ data: { me: { id: 'a' }, regions: [] } });
    expect(await ask('/v1/me')).toEqual([200, { data: { id: 'a' } }]);
    expect(await ask('/v1/both')).toEqual([200, { data: { me: { id: 'a' }, regions: [] } }]);
  });

  it('is 404 where nothing stands under the id of the path, and null elsewhere', async () => {
    const { ask } = await answering({ data: { vendor: null, me: null } });
    expect((await ask('/v1/vendor-page/x'))[0]).toBe(404);
    const { ask: askMe } = await answering({ data: { me: null } });
    expect(await askMe('/v1/me')).toEqual([200, { data: null }]);
  });

  it('has errors of parts beside the data, with their place in it and nothing but their code', async () => {
    const { ask } = await answering({
      data: { vendor: { name: null } },
      errors: [error('DEPENDENCY_UNAVAILABLE', ['vendor', 'name'])],
    });
    expect(await ask('/v1/vendor-page/x')).toEqual([
      200,
      {
        data: { name: null },
        errors: [{ message: 'why', path: ['name'], extensions: { code: 'DEPENDENCY_UNAVAILABLE' } }],
      },
    ]);
    const { ask: askBoth } = await answering({
      data: { me: null, regions: [] },
      errors: [error('DEADLINE_EXCEEDED', ['me'])],
    });
    expect(await askBoth('/v1/both')).toMatchObject([200, { errors: [{ path: ['me'] }] }]);
  });

  it.each(errorCodes.map((code) => [code, restStatusOf(code)] as const))(
    'that failed with %s as a whole has status %i',
    async (code, status) => {
      const result = { data: { me: null }, errors: [new GraphQLError('why', { extensions: { code } })] };
      const { ask } = await answering(result);
      expect(await ask('/v1/me')).toEqual([status, { errors: [{ message: 'why', extensions: { code } }] }]);
    },
  );
});

describe('a request', () => {
  it('hands variables, caller and request id to the document', async () => {
    const seen: unknown[] = [];
    const { url } = await serve((document, variables, { headers, bouquet }) => {
      seen.push([document, variables, bouquet.caller, bouquet.requestId, headers.get('x-region')]);
      return Promise.resolve({ data: {} });
    });
    const headers = { 'x-request-id': 'r-1', 'x-region': 'FR' };
    await fetch(`${url}/v1/vendor-page/a%2Fb%20c`, { headers });
    await fetch(`${url}/v1/follow`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: '{"vendorId":"v"}',
    });
    await fetch(`${url}/v1/refresh`, { method: 'POST', headers });
    expect(seen).toEqual([
      [vendor, { id: 'a/b c' }, stranger, 'r-1', 'FR'],
      [follow, { vendorId: 'v' }, stranger, 'r-1', 'FR'],
      [refresh, {}, stranger, 'r-1', 'FR'],
    ]);
  });

  it('with another method is told which one, and HEAD is a GET without its body', async () => {
    const { url } = await serve();
    const posted = await fetch(`${url}/v1/me`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const read = await fetch(`${url}/v1/follow`);
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
    const head = await fetch(`${url}/v1/me`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('runs nothing where it is not understood', async () => {
    const { ask } = await serve(() => Promise.reject(new Error('ran')));
    const post = (body: string, type: string): RequestInit => ({
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect((await ask('/v1/follow', post('{"vendorId":"v"}', 'text/plain')))[0]).toBe(400);
    expect((await ask('/v1/follow', post('{"vendor":"v"}', 'application/json')))[0]).toBe(400);
    const huge = JSON.stringify({ vendorId: 'v'.repeat(3_000_000) });
    expect((await ask('/v1/follow', post(huge, 'application/json')))[0]).toBe(413);
    expect((await ask('/v1/vendor-page/%ff'))[0]).toBe(400);
    for (const path of ['/v1/', '/v1/vendor-page', '/v1/vendor-page/', '/v1/vendor-page/a/b', '/v1/me/a']) {
      expect([path, (await ask(path))[0]]).toEqual([path, 404]);
    }
  });
});
