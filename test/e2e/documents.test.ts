import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { getOperationAST, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSources } from '../../cli/documents/check-sources.ts';
import { readDocumentFiles } from '../../cli/documents/read-document-files.ts';
import { publicList } from '../../gateway/documents/document-registry.ts';
import { publishDocuments } from '../../gateway/documents/document-store.ts';
import { readPublicSchema } from '../../gateway/documents/read-public-schema.ts';
import { FollowVendorDocument, TrendingDocument } from '../../schema/generated/documents.ts';
import { forms, type RunningForm } from './forms.ts';
import { fillMarketplace } from './fixture.ts';

/**
 * What real tools wrote. The manifest: `npx @apollo/generate-persisted-query-manifest` (1.4.0, with @apollo/client
 * 4.3.8) over `schema/documents/{feed-page,trending}.graphql`. The other: `npx relay-compiler` (21.0.1, with
 * `"persistConfig": {"file": "persisted_queries.json", "algorithm": "MD5"}`) over two components, TrendingPageQuery with
 * a fragment and VendorPageQuery, against the printed public schema.
 */
const fixtures = join(import.meta.dirname, '../fixtures');
const apolloManifest = join(fixtures, 'persisted-query-manifest.json');
const relayFile = join(fixtures, 'relay-persisted-queries.json');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface HttpAnswer {
  readonly status: number;
  readonly cacheControl: string | null;
  readonly body: { data?: Record<string, unknown> | null; errors?: { extensions: { code: string } }[] };
}

describe('persisted documents over HTTP', () => {
  let running: RunningForm;
  beforeAll(async () => {
    const [inProcess] = forms;
    if (inProcess === undefined) throw new Error('no form to run');
    running = await inProcess.start();
    await fillMarketplace(running.client, 3);
  });
  afterAll(() => running.close());

  const send = async (query: string, init: RequestInit = {}): Promise<HttpAnswer> => {
    const response = await fetch(`${running.client.url}/graphql${query}`, init);
    return {
      status: response.status,
      cacheControl: response.headers.get('cache-control'),
      body: await response.json(),
    };
  };
  const get = (params: Record<string, string>): Promise<HttpAnswer> =>
    send(`?${new URLSearchParams(params)}`);
  const post = (body: object): Promise<HttpAnswer> =>
    send('', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  const trendingId = sha256(print(TrendingDocument));
  const variables = { first: 2 };

  it('are answered in every form of request', async () => {
    const expected = await running.client.must(TrendingDocument, variables);
    expect(expected.trending).toHaveLength(2);
    const json = JSON.stringify(variables);
    const persistedQuery = { version: 1, sha256Hash: trendingId };
    const answers = await Promise.all([
      get({ documentId: `sha256:${trendingId}`, variables: json }),
      get({ documentId: trendingId, variables: json }),
      get({ extensions: JSON.stringify({ persistedQuery }), variables: json }),
      get({ doc_id: trendingId, variables: json }),
      post({ documentId: `sha256:${trendingId}`, variables }),
      post({ documentId: `sha256:${trendingId}`, operationName: 'Trending', variables }),
      post({ extensions: { persistedQuery }, variables }),
      post({ doc_id: trendingId, variables }),
      post({ id: trendingId, variables }),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { data: expected } });
  });

  it('answer an unknown id with 404 by GET, by POST as the media type has it, and never to be kept', async () => {
    const unknown = { documentId: `sha256:${'0'.repeat(64)}` };
    const body = { errors: [{ extensions: { code: 'DOCUMENT_NOT_FOUND' } }] };
    const noStore = { cacheControl: 'no-store', body };
    expect(await get(unknown)).toMatchObject({ status: 404, ...noStore });
    expect(await post(unknown)).toMatchObject({ status: 200, ...noStore });
  });

  it('refuse a mutation by GET, and check variables as for any query', async () => {
    const followId = sha256(print(FollowVendorDocument));
    expect(
      await get({ documentId: followId, variables: JSON.stringify({ vendorId: 'vendor-FR-0' }) }),
    ).toMatchObject({ status: 405, body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } });
    expect((await get({ documentId: trendingId, variables: '{"first":"two"}' })).body).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    for (const broken of [
      { variables: '{' },
      { variables: '[]' },
      { extensions: 'x' },
      { extensions: '1' },
    ]) {
      expect(await get({ documentId: trendingId, ...broken }), JSON.stringify(broken)).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      });
    }
    expect(await get({ documentId: trendingId, variables: '', extensions: '' })).toMatchObject({
      status: 200,
    });
  });

  const withApollo = async <T, V extends Record<string, unknown>>(
    query: TypedDocumentNode<T, V>,
    given: NoInfer<V>,
    options: PersistedQueryLink.Options,
  ): Promise<{ data: T | undefined; errors: readonly string[]; requests: unknown[] }> => {
    const requests: unknown[] = [];
    const record = new ApolloLink((operation, forward) => {
      requests.push({ ...operation.getContext()['http'] });
      return forward(operation);
    });
    const http = new HttpLink({ uri: `${running.client.url}/graphql` });
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([new PersistedQueryLink(options), record, http]),
    });
    const { data, error } = await client.query<T, V>({ query, variables: given, errorPolicy: 'all' });
    client.stop();
    return { data, errors: error === undefined ? [] : [error.message], requests };
  };

  it.each([false, true])(
    'are asked for by Apollo Client’s link, which adds __typename (GET: %s)',
    async (useGet) => {
      const { data, errors, requests } = await withApollo(TrendingDocument, variables, {
        sha256,
        useGETForHashedQueries: useGet,
      });
      expect(errors).toEqual([]);
      expect(data?.trending?.[0]).toMatchObject({ __typename: 'Content', vendor: { __typename: 'Vendor' } });
      expect(requests).toEqual([{ includeQuery: false, includeExtensions: true }]);
    },
  );

  it('are asked for by Apollo Client by the ids of a manifest, without the manifest being published', async () => {
    const { operations }: { operations: { id: string; name: string }[] } = JSON.parse(
      readFileSync(apolloManifest, 'utf8'),
    );
    // As generatePersistedQueryIdsFromManifest of @apollo/persisted-query-lists does it.
    const generateHash: PersistedQueryLink.GenerateHashFunction = (document) =>
      operations.find(({ name }) => name === getOperationAST(document)?.name?.value)?.id ?? '';
    const { data, errors } = await withApollo(TrendingDocument, variables, {
      generateHash,
      disable: () => false,
    });
    expect(errors).toEqual([]);
    expect(data?.trending).toHaveLength(2);
  });

  it('make Apollo Client give up on an unknown document instead of sending its text', async () => {
    const query: TypedDocumentNode<unknown, Record<string, never>> = parse(
      'query Unknown { regions { code } }',
    );
    const { errors, requests } = await withApollo(query, {}, { sha256 });
    expect(errors).toEqual([expect.stringContaining('No persisted document')]);
    expect(requests).toHaveLength(1);
  });

  it('are run under a Relay compiler’s ids once its file is published', async () => {
    const ids = Object.keys(JSON.parse(readFileSync(relayFile, 'utf8')));
    const { accepted, problems } = checkSources(
      readPublicSchema(),
      await readDocumentFiles([relayFile, apolloManifest]),
      { holder: null },
    );
    expect(problems).toEqual([]);
    const [platform] = running.platforms;
    if (platform === undefined) throw new Error('no platform');
    await publishDocuments(
      platform.database,
      publicList,
      accepted.map(({ stored }) => stored),
    );
    await expect
      .poll(async () => (await post({ doc_id: ids[0], variables })).body.data)
      .toMatchObject({
        trending: [{ vendor: { id: expect.any(String) } }, {}],
      });
    expect((await post({ id: ids[1], variables: { id: 'vendor-FR-1' } })).body.data).toMatchObject({
      vendor: { id: 'vendor-FR-1' },
    });
  });
});
