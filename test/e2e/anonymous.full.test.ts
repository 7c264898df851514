import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf } from '../support/openapi-checks.ts';
import { publishedIds, startAllInOne, type Production } from './production.ts';
import { json, outcomeOf, send, type Reply } from './send.ts';

interface Run {
  /** Of the document. */
  readonly name: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** How REST is asked for the same. */
  readonly rest: string;
  readonly method?: 'POST';
  /** The code that refuses a caller without any id, and one with a UUID of their own; null: none. */
  readonly codes: readonly [withoutId: string | null, withId: string | null];
}

const open = [null, null] as const;
const ofSomebody = ['UNAUTHENTICATED', null] as const;
const ofUsers = ['UNAUTHENTICATED', 'UNAUTHENTICATED'] as const;
const vendor = { vendorId: 'vendor-1' };
const forbidden = ['FORBIDDEN', 'FORBIDDEN'] as const;
const interaction = { id: 'a', contentId: 'content-1', type: 'SAVE', occurredAt: '2026-01-01T00:00:00Z' };

/** Every document that comes with Bouquet. */
const runs: readonly Run[] = [
  { name: 'Browse', rest: '/v1/browse', codes: open },
  { name: 'Trending', variables: { first: 2 }, rest: '/v1/trending?first=2', codes: open },
  { name: 'Search', variables: { text: 'wedding' }, rest: '/v1/search?text=wedding', codes: open },
  { name: 'FeedPage', variables: { first: 3 }, rest: '/v1/feed-page?first=3', codes: open },
  {
    name: 'ContentDetail',
    variables: { id: 'content-1' },
    rest: '/v1/content-detail/content-1',
    codes: open,
  },
  { name: 'VendorPage', variables: { id: 'vendor-1' }, rest: '/v1/vendor-page/vendor-1', codes: open },
  { name: 'Me', rest: '/v1/me', codes: open },
  {
    name: 'CompareVariants',
    variables: { control: { n: 90, sum: 9 }, treatment: { n: 80, sum: 12 } },
    rest: '/v1/compare-variants?control.n=90&control.sum=9&treatment.n=80&treatment.sum=12',
    codes: open,
  },
  {
    name: 'SampleSize',
    variables: { baselineMean: 1, baselineVariance: 2, usersPerWeek: 900, relativeEffect: 0.1 },
    rest: '/v1/sample-size?baselineMean=1&baselineVariance=2&usersPerWeek=900&relativeEffect=0.1',
    codes: open,
  },
  {
    name: 'SampleRatio',
    variables: { observed: [310, 98], weights: [0.75, 0.25] },
    rest: '/v1/sample-ratio?observed=310&observed=98&weights=0.75&weights=0.25',
    codes: open,
  },
  {
    name: 'AdjustPValues',
    variables: { pValues: [0.01, 0.04], method: 'HOLM' },
    rest: '/v1/adjust-p-values?pValues=0.01&pValues=0.04&method=HOLM',
    codes: open,
  },
  { name: 'OperationsOverview', rest: '/v1/operations-overview', codes: open },
  { name: 'RefreshFeed', rest: '/v1/refresh-feed', method: 'POST', codes: ofSomebody },
  { name: 'SubmitNps', variables: { score: 9 }, rest: '/v1/submit-nps', method: 'POST', codes: ofSomebody },
  {
    name: 'RecordInteractions',
    variables: { input: [interaction] },
    rest: '/v1/record-interactions',
    method: 'POST',
    codes: ofSomebody,
  },
  { name: 'FollowVendor', variables: vendor, rest: '/v1/follow-vendor', method: 'POST', codes: ofSomebody },
  {
    name: 'UnfollowVendor',
    variables: vendor,
    rest: '/v1/unfollow-vendor',
    method: 'POST',
    codes: ofSomebody,
  },
  {
    name: 'UpdateProfile',
    variables: { input: { region: 'FR' } },
    rest: '/v1/update-profile',
    method: 'POST',
    codes: ofSomebody,
  },
  {
    name: 'LinkAnonymous',
    variables: { anonymousId: randomUUID() },
    rest: '/v1/link-anonymous',
    method: 'POST',
    codes: ofUsers,
  },
  {
    name: 'EraseUser',
    variables: { id: 'user-1' },
    rest: '/v1/erase-user',
    method: 'POST',
    codes: forbidden,
  },
  { name: 'ExportUser', variables: { id: 'user-1' }, rest: '/v1/export-user/user-1', codes: forbidden },
  { name: 'Erasure', variables: { requestId: 'none' }, rest: '/v1/erasure/none', codes: open },
];

const restStatuses = new Map([
  [null, 200],
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
]);

describe('an anonymous caller of a production', () => {
  let production: Production;
  let ids: ReadonlyMap<string, string>;
  beforeAll(async () => {
    production = await startAllInOne();
    ids = await publishedIds(production.environment, null);
  }, 180_000);
  afterAll(() => production.close());

  const ask = (path: string, init: RequestInit = {}): Promise<Reply> =>
    send(`${production.url}${path}`, init);

  it('runs the documents of everybody, by GraphQL and REST, as far as one can who is nobody yet', async () => {
    expect(runs.map(({ name }) => name).toSorted()).toEqual([...ids.keys()].toSorted());
    for (const { name, variables = {}, rest, method, codes } of runs) {
      for (const [index, headers] of [{}, { 'x-anonymous-id': randomUUID() }].entries()) {
        const documentId = ids.get(name);
        const code = codes[index] ?? null;
        const parameters = new URLSearchParams({
          documentId: documentId ?? '',
          variables: JSON.stringify(variables),
        });
        const [byPost, byGet, byRest] = await Promise.all([
          ask('/graphql', json({ documentId, variables }, headers)),
          ask(`/graphql?${parameters}`, { headers }),
          ask(rest, method === 'POST' ? json(variables, headers) : { headers }),
        ]);
        expect([name, byPost.status, byPost.code]).toEqual([name, 200, code]);
        expect([name, byGet.status, byGet.code]).toEqual(
          method === 'POST' ? [name, 405, 'BAD_USER_INPUT'] : [name, 200, code],
        );
        expect([name, byRest.status, byRest.code]).toEqual(
          name === 'Erasure' ? [name, 404, 'NOT_FOUND'] : [name, restStatuses.get(code), code],
        );
      }
    }
  });

  it('is nobody, whoever the headers name', async () => {
    const headers = { 'x-user-id': 'user-1' };
    expect(await ask('/v1/me', { headers })).toMatchObject({ status: 200, data: null });
    expect(await ask('/v1/operations-overview', { headers })).toMatchObject({ status: 200, data: null });
    expect(await ask('/v1/export-user/user-1', { headers })).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
    });
  });

  it('sends no query of its own and does not read the schema', async () => {
    const headers = { 'x-anonymous-id': randomUUID() };
    for (const [query, code] of [
      ['{ trending(first: 1) { id } }', 'DOCUMENT_REQUIRED'],
      ['{ __typename }', 'DOCUMENT_REQUIRED'],
      ['mutation { refreshFeed { discarded } }', 'DOCUMENT_REQUIRED'],
      ['{ __schema { queryType { name } } }', 'FORBIDDEN'],
    ] as const) {
      expect(outcomeOf(await ask('/graphql', json({ query }, headers)))).toEqual([403, code, undefined]);
      const search = new URLSearchParams({ query });
      expect(outcomeOf(await ask(`/graphql?${search}`, { headers }))).toEqual([403, code, undefined]);
    }
    const page = await ask('/graphql', { headers: { accept: 'text/html' } });
    expect([page.status, page.text.includes('GraphiQL')]).toEqual([406, false]);
  });

  it('is not what a refused token becomes, at any path', async () => {
    const { text } = await ask('/openapi.json');
    const paths = operationsOf(JSON.parse(text)).map(({ method, path }) => [method, path] as const);
    expect(paths).toHaveLength(runs.length);
    for (const headers of [
      { authorization: 'Bearer x.y.z' },
      { 'x-api-key': 'bq_live_x' },
      { authorization: '' },
    ]) {
      for (const [method, path] of [
        ...paths,
        ['get', '/openapi.json'],
        ['post', '/graphql'],
        ['get', '/graphql'],
      ]) {
        const init = method === 'post' ? json({}, headers) : { headers };
        const reply = await ask(path?.replace(/\{\w+\}/, 'user-1') ?? '', init);
        expect(outcomeOf(reply), path).toEqual([401, 'UNAUTHENTICATED', undefined]);
      }
    }
  });

  it('reads the description of the API, and its page', async () => {
    expect(await ask('/openapi.json')).toMatchObject({ status: 200 });
    const page = await ask('/docs/');
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/html/),
    ]);
    const assets = Array.from(page.text.matchAll(/(?:src|href)="([^"]+)"/g), ([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(1);
    for (const asset of assets) {
      expect((await ask(new URL(asset, 'http://bouquet/docs/').pathname)).status, asset).toBe(200);
    }
    for (const path of ['/healthz', '/readyz']) expect((await ask(path)).status).toBe(200);
  });
});
