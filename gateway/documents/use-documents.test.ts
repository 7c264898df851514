import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/caller/caller.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { createGateway } from '../execution/gateway-runtime.ts';
import type { BouquetContext } from '../execution/request-context.ts';
import { DocumentRegistry, publicList } from './document-registry.ts';
import { idOf } from './document-text.ts';
import type { DocumentUsage } from './document-usage.ts';
import { readPublicSchema } from './read-public-schema.ts';
import { ListRegistrar, type PublishedDocument } from './register-list.ts';

const traits = { scopes: new Set<never>(), region: null, locale: null } as const;
const anonymous: Caller = { kind: 'anonymous', anonymousId: null, key: null, ...traits };

function partner(id: string): Caller {
  return { ...traits, kind: 'key', scopes: new Set(['partner']), key: { id, vendorId: null } };
}

/** Needs no subgraph to be answered. */
function published(keyId: string, text: string, aliases: string[] = []): PublishedDocument {
  return { keyId, id: idOf(text), name: 'Type', text, description: null, aliases, publishedAt: new Date(0) };
}

const shared = published(publicList, 'query Type {\n  shared: __typename\n}');
const first = published('key-1', 'query Type {\n  first: __typename\n}', ['type']);
const second = published('key-2', 'query Type {\n  second: __typename\n}', ['type']);

const registry = new DocumentRegistry();
const registrar = new ListRegistrar(readPublicSchema());
const counted: string[] = [];
const usage: Pick<DocumentUsage, 'count'> = {
  count: (id, { key }) => counted.push(`${id} ${key?.id ?? '-'}`),
};
const gateway = createGateway({
  places: new Map(),
  freeQueries: { mode: 'known', development: true },
  documents: { registry, usage, lookAgain: () => Promise.resolve() },
  logger: createLogger('silent'),
});

/** What a client gets, and whether the gateway took the request for a document's. */
async function ask(
  body: object,
  caller: Caller = anonymous,
): Promise<{ status: number; data: unknown; codes: unknown[]; named: string | undefined }> {
  const bouquet: BouquetContext['bouquet'] = {
    caller,
    requestId: 'test',
    failed: false,
    document: null,
    bodyBytes: 0,
  };
  const response = await gateway.fetch(
    'http://gateway/graphql',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    },
    { bouquet },
  );
  const { data, errors = [] }: { data?: unknown; errors?: { extensions: { code: unknown } }[] } =
    await response.json();
  const codes = errors.map(({ extensions }) => extensions.code);
  return { status: response.status, data, codes, named: bouquet.document?.id };
}

describe('a request for a persisted document', () => {
  beforeEach(() => {
    counted.length = 0;
    registry.replace(registrar.register([shared, first, second]).lists);
  });
  afterAll(async () => gateway[Symbol.asyncDispose]());

  it('is answered, known to the plugins behind, and counted', async () => {
    expect(await ask({ documentId: `sha256:${shared.id}` })).toEqual({
      status: 200,
      data: { shared: 'Query' },
      codes: [],
      named: shared.id,
    });
    expect(counted).toEqual([`${shared.id} -`]);
  });

  it('reaches the list of the caller’s own key, under an id that another list has as well', async () => {
    expect((await ask({ doc_id: 'type' }, partner('key-1'))).data).toEqual({ first: 'Query' });
    expect((await ask({ doc_id: 'type' }, partner('key-2'))).data).toEqual({ second: 'Query' });
    expect((await ask({ doc_id: 'type' }, partner('key-1'))).data).toEqual({ first: 'Query' });
    expect(counted).toEqual([`${first.id} key-1`, `${second.id} key-2`, `${first.id} key-1`]);
  });

  it.each([
    ['another partner’s document', { documentId: second.id }, partner('key-1')],
    ['everybody’s document, for a partner', { documentId: shared.id }, partner('key-1')],
    ['a partner’s document, for everybody', { documentId: first.id }, anonymous],
    ['a partner’s alias, for everybody', { id: 'type' }, anonymous],
    ['an unknown id', { documentId: `sha256:${'0'.repeat(64)}` }, anonymous],
    ['an unknown id of a megabyte', { documentId: 'x'.repeat(1_000_000) }, anonymous],
    ['a name of Object.prototype', { documentId: '__proto__' }, anonymous],
    ['an unknown hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }, anonymous],
  ])('finds no %s', async (_what, body, caller) => {
    expect(await ask(body, caller)).toEqual({
      status: 404,
      data: undefined,
      codes: ['DOCUMENT_NOT_FOUND'],
      named: undefined,
    });
    expect(counted).toEqual([]);
  });

  it('follows a change of the lists, though the parser knew the old text', async () => {
    await ask({ doc_id: 'type' }, partner('key-1'));
    registry.replace(registrar.register([{ ...second, keyId: 'key-1' }]).lists);
    expect((await ask({ doc_id: 'type' }, partner('key-1'))).data).toEqual({ second: 'Query' });
    expect((await ask({ documentId: first.id }, partner('key-1'))).codes).toEqual(['DOCUMENT_NOT_FOUND']);
  });

  it('is none with a query in it: the query is a free one, and its hash registers nothing', async () => {
    const query = 'query Free { free: __typename }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: idOf(query) } };
    expect(await ask({ query, extensions })).toMatchObject({ data: { free: 'Query' }, named: undefined });
    expect((await ask({ extensions })).codes).toEqual(['DOCUMENT_NOT_FOUND']);
    const other = { persistedQuery: { version: 1, sha256Hash: shared.id } };
    expect(await ask({ query, extensions: other })).toMatchObject({
      data: { free: 'Query' },
      named: undefined,
    });
    expect((await ask({ extensions: other })).data).toEqual({ shared: 'Query' });
  });

  it('cannot be had by a query that names what a document is cached under', async () => {
    await ask({ documentId: second.id }, partner('key-2'));
    const placeholder = `__PERSISTED_OPERATION_${second.id}__`;
    expect((await ask({ query: placeholder })).codes).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  it('is refused where its operationName is another', async () => {
    expect(await ask({ documentId: shared.id, operationName: 'Other' })).toMatchObject({
      status: 400,
      codes: ['BAD_USER_INPUT'],
    });
  });

  it('needs an id, where there is no query', async () => {
    for (const body of [{}, { documentId: 7 }, { documentId: '' }, { extensions: { persistedQuery: 'x' } }]) {
      expect(await ask(body)).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'] });
    }
  });
});
