import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishDocuments } from '../../gateway/documents/document-store.ts';
import { idOf, normalisedText } from '../../gateway/documents/document-text.ts';
import { readConfig } from '../../platform/config/config.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { publish, tokenOf } from '../e2e/production.ts';
import { json, outcomeOf, send, type Reply } from '../e2e/send.ts';
import { startPartners, type Partners } from './partners.ts';

type Headers = Readonly<Record<string, string>>;

describe('a partner’s key', () => {
  let partners: Partners;
  let rose: Headers;
  let elm: Headers;
  let insider: Headers;
  beforeAll(async () => {
    partners = await startPartners();
    const { keys } = partners;
    rose = { authorization: `Bearer ${keys.rose.text}` };
    elm = { 'x-api-key': keys.elm.text };
    insider = { 'x-api-key': keys.insider.text };
  }, 240_000);
  afterAll(() => partners.production.close());

  const ask = (path: string, init: RequestInit): Promise<Reply> =>
    send(`${partners.production.url}${path}`, init);
  const graphql = (body: unknown, headers: Headers): Promise<Reply> => ask('/graphql', json(body, headers));
  const idNamed = (name: string): string => partners.ids.get(name) ?? '';

  /** The answers to every form of a request for one document, and to REST. */
  const run = (id: string, path: string, variables: object, headers: Headers): Promise<Reply[]> => {
    const persistedQuery = { version: 1, sha256Hash: id };
    const given = encodeURIComponent(JSON.stringify(variables));
    const extensions = encodeURIComponent(JSON.stringify({ persistedQuery }));
    return Promise.all([
      ask(path, { headers }),
      ask(`/graphql?documentId=sha256:${id}&variables=${given}`, { headers }),
      ask(`/graphql?extensions=${extensions}&variables=${given}`, { headers }),
      ask(`/graphql?doc_id=${id}&variables=${given}`, { headers }),
      graphql({ documentId: `sha256:${id}`, variables }, headers),
      graphql({ extensions: { persistedQuery }, variables }, headers),
      graphql({ doc_id: id, variables }, headers),
      graphql({ id, variables }, headers),
      graphql({ documentId: id, variables }, { ...headers, accept: 'application/graphql-response+json' }),
    ]);
  };

  /** The outcome of such requests for what is not there; a POST of `application/json` has the status of GraphQL over HTTP. */
  const notFound = [404, 404, 404, 404, 200, 200, 200, 200, 404].map((status) => [
    status,
    'DOCUMENT_NOT_FOUND',
    undefined,
  ]);

  it('runs its documents in every form', async () => {
    const variables = { id: 'vendor-1', first: 2 };
    const replies = await run(idNamed('RoseListing'), '/v1/rose-listing/vendor-1?first=2', variables, rose);
    expect(replies.map(({ status, code }) => [status, code])).toEqual(replies.map(() => [200, null]));
    const [rest, ...others] = replies;
    for (const { data } of others) expect(data).toEqual({ vendor: rest?.data });
    expect(rest?.data).toMatchObject({ id: 'vendor-1', contents: { edges: [{}, {}] } });
  });

  it('runs no document of another partner, of everybody, or that does not exist', async () => {
    const listings: [id: string, path: string, by: Headers[]][] = [
      [idNamed('RoseListing'), '/v1/rose-listing/vendor-1', [elm, insider]],
      [idNamed('ElmEverything'), '/v1/elm-everything', [rose, insider]],
      [idNamed('Trending'), '/v1/trending', [rose, elm, insider]],
      [idNamed('OperationsOverview'), '/v1/operations-overview', [rose, elm, insider]],
      ['0'.repeat(64), '/v1/nothing', [rose, elm, insider]],
    ];
    for (const [id, path, callers] of listings) {
      for (const headers of callers) {
        expect((await run(id, path, { id: 'vendor-1' }, headers)).map(outcomeOf)).toEqual(notFound);
      }
    }
    const user = { authorization: `Bearer ${await tokenOf('ada')}` };
    const others = [{}, user, { 'x-api-key': partners.keys.dashboard.text }];
    for (const headers of others) {
      const replies = await run(
        idNamed('RoseListing'),
        '/v1/rose-listing/vendor-1',
        { id: 'vendor-1' },
        headers,
      );
      expect(replies.map(outcomeOf)).toEqual(notFound);
    }
  });

  it('tells documents of one name apart', async () => {
    const [ofRose, ofElm, ofInsider] = await Promise.all(
      [rose, elm, insider].map((headers) => ask('/v1/shared', { headers })),
    );
    expect(ofRose?.data).toEqual([{ id: expect.any(String) }]);
    expect(ofElm?.data).toContainEqual({ code: 'FR' });
    expect(ofInsider?.data).toEqual([{ id: expect.any(String) }]);
  });

  it('sends no query of its own, however it comes', async () => {
    const query = 'query Own { trending(first: 1) { id } }';
    const hash = (sha256Hash: string): object => ({ persistedQuery: { version: 1, sha256Hash } });
    const registered = idNamed('RoseListing');
    const own = idOf(normalisedText(parse(query)));
    const required = { status: 403, code: 'DOCUMENT_REQUIRED' };
    const malformed = { status: 400, code: 'BAD_USER_INPUT' };
    for (const headers of [rose, elm, insider, { ...elm, 'x-on-behalf-of': 'ada' }]) {
      const get = (search: Record<string, string>): Promise<Reply> =>
        ask(`/graphql?${new URLSearchParams(search)}`, { headers });
      expect(await graphql({ query }, headers)).toMatchObject(required);
      expect(await get({ query })).toMatchObject(required);
      expect(await graphql({ query, extensions: hash(own) }, headers)).toMatchObject(required);
      expect(await graphql({ query, extensions: hash(registered) }, headers)).toMatchObject(required);
      expect(await get({ query, extensions: JSON.stringify(hash(registered)) })).toMatchObject(required);
      expect(await graphql({ query, doc_id: registered }, headers)).toMatchObject(malformed);
      expect(await graphql({ query, documentId: registered }, headers)).toMatchObject(malformed);
      expect(await get({ query, documentId: registered })).toMatchObject({ data: undefined });
      expect(await graphql([{ query }], headers)).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
      for (const type of ['text/plain', 'application/graphql', 'application/x-www-form-urlencoded']) {
        const init = { method: 'POST', headers: { ...headers, 'content-type': type }, body: query };
        expect(await ask('/graphql', init)).toMatchObject({ status: 415, code: 'BAD_USER_INPUT' });
      }
      // Nothing of it has registered the query.
      expect(await graphql({ extensions: hash(own) }, headers)).toMatchObject({ code: 'DOCUMENT_NOT_FOUND' });
    }
  });

  it('does not introspect, in a query or in a document', async () => {
    const queries = [
      getIntrospectionQuery(),
      '{ __schema { queryType { name } } }',
      '{ ...A } fragment A on Query { __type(name: "User") { name } }',
    ];
    for (const query of queries) {
      for (const headers of [rose, elm, { ...elm, 'x-on-behalf-of': 'ada' }]) {
        expect(await graphql({ query }, headers)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
        const search = new URLSearchParams({ query });
        expect(await ask(`/graphql?${search}`, { headers })).toMatchObject({
          status: 403,
          code: 'FORBIDDEN',
        });
      }
      // With scope dashboard too it is a query of its own.
      expect(await graphql({ query }, insider)).toMatchObject({ status: 403, code: 'DOCUMENT_REQUIRED' });
    }
    await expect(refusal('query A { __schema { types { name } } }', 'rose')).resolves.toMatch(
      /introspection has been disabled|GraphQL introspection/,
    );
  });

  it('shows no field of scope dashboard, whatever its scopes are', async () => {
    const health = 'query A { systemHealth { requests } }';
    const refused = [
      await refusal(health, 'rose'),
      await refusal(health, 'insider'),
      await refusal('query A { user(id: "ada") { region } }', 'elm'),
      await refusal(
        'query A { feed { ranking { ...R } } } fragment R on Ranking { stages { stage } }',
        'insider',
      ),
    ];
    expect(refused).toEqual(refused.map(() => expect.stringMatching(/is for scope dashboard/)));
    // One that has got onto the list past the command line is not served either.
    const text = normalisedText(parse('query Sneaked { systemHealth { requests } }'));
    const sneaked = { id: idOf(text), name: 'Sneaked', text, description: null, aliases: [] };
    const config = readConfig(partners.production.environment);
    const database = await openDatabase(config, { share: true, logger: createLogger('silent') });
    await publishDocuments(database, partners.keys.insider.id, [sneaked]);
    await database.close();
    await expect
      .poll(() => partners.production.servers[0]?.output(), { timeout: 10_000 })
      .toContain('does not fit the schema and is not served');
    expect((await run(sneaked.id, '/v1/sneaked', {}, insider)).map(outcomeOf)).toEqual(notFound);
  });

  it('sees no row of another vendor where it is bound to one', async () => {
    const vendorsIn = ({ text }: Reply): Set<string> =>
      new Set(Array.from(text.matchAll(/"vendor":\{"id":"([^"]+)"/g), ([, id]) => id ?? ''));
    const [own, all] = await Promise.all([
      run(idNamed('RoseEverything'), '/v1/rose-everything', {}, rose),
      run(idNamed('ElmEverything'), '/v1/elm-everything', {}, elm),
    ]);
    for (const reply of own) expect(vendorsIn(reply)).toEqual(new Set(['vendor-1']));
    for (const reply of all) expect(vendorsIn(reply).size).toBeGreaterThan(5);
    const another = await run(idNamed('RoseListing'), '/v1/rose-listing/vendor-2', { id: 'vendor-2' }, rose);
    const [rest, ...others] = another;
    expect(rest).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    for (const reply of others) expect(reply).toMatchObject({ status: 200, data: { vendor: null } });
  });

  it('reads of its own documents alone in /openapi.json', async () => {
    const pathsFor = async (headers: Headers): Promise<string[]> => {
      const { text } = await ask('/openapi.json', { headers });
      const { paths }: { paths: object } = JSON.parse(text);
      return Object.keys(paths).toSorted();
    };
    expect(await pathsFor(rose)).toEqual(['/v1/rose-everything', '/v1/rose-listing/{id}', '/v1/shared']);
    expect(await pathsFor(elm)).toEqual([
      '/v1/elm-everything',
      '/v1/elm-export/{id}',
      '/v1/elm-me',
      '/v1/shared',
    ]);
    expect(await pathsFor(insider)).toEqual(['/v1/shared']);
    expect((await pathsFor({})).join()).not.toMatch(/rose|elm|shared/);
  });

  /** What `bouquet documents publish` says against `text` for a key. */
  const refusal = (text: string, key: 'rose' | 'elm' | 'insider'): Promise<string> =>
    publish(partners.production.environment, [text], '--key', partners.keys[key].id).then(
      () => 'accepted',
      String,
    );
});
