import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'graphql';
import { idOf, normalisedText } from '../../gateway/documents/document-text.ts';
import { repositoryDocumentFiles } from '../../gateway/documents/repository-documents.ts';
import { json } from '../e2e/send.ts';
import { marks } from './marks.ts';

/** A request to a path of the server; who sends it is said by headers that are added. */
export interface MarkedRequest {
  readonly path: string;
  readonly init: RequestInit;
}

type Variables = Readonly<Record<string, unknown>>;

/** Variables that the documents of the repository take, with something personal wherever there is a place for it. */
const goodVariables: Record<string, Variables> = {
  'content-detail': { id: 'content-1' },
  'erase-user': { id: marks.user },
  erasure: { requestId: marks.anonymousId },
  'export-user': { id: marks.user },
  'feed-page': { first: 3 },
  'follow-vendor': { vendorId: 'vendor-1' },
  'link-anonymous': { anonymousId: marks.anonymousId },
  'record-interactions': {
    input: [
      { id: marks.mail, contentId: 'content-1', type: 'SAVE', occurredAt: '2026-01-01T00:00:00Z' },
      { id: `${marks.mail}-2`, contentId: marks.mail, type: 'VIEW', occurredAt: '2026-01-01T00:00:00Z' },
    ],
  },
  search: { text: `${marks.mail} florist`, first: 2 },
  'submit-nps': { score: 3, comment: `Write to ${marks.mail}` },
  'unfollow-vendor': { vendorId: 'vendor-1' },
  'update-profile': { input: { region: 'FR', locale: 'fr' } },
  'vendor-page': { id: 'vendor-1', first: 2 },
};

/** Variables that no document takes, or none in this place. */
const badVariables: Variables[] = [
  { id: { mail: marks.mail }, input: marks.mail, first: marks.mail, text: [marks.mail], score: marks.mail },
  { id: marks.mail, vendorId: marks.user, input: [{ id: marks.user, type: marks.mail }], after: marks.mail },
  {
    input: { region: marks.mail, locale: marks.mail },
    anonymousId: marks.mail,
    requestId: marks.mail,
    score: 99,
  },
  {
    filter: { regions: [marks.mail], vendorIds: [marks.user] },
    window: marks.mail,
    text: marks.mail.repeat(99),
  },
];

/** Every document of `schema/documents`, as text, by its id and by REST, with variables that fit and with others. */
export function documentRequests(): MarkedRequest[] {
  return repositoryDocumentFiles().flatMap((file) => {
    const name = basename(file, '.graphql');
    const query = readFileSync(file, 'utf8');
    const documentId = idOf(normalisedText(parse(query)));
    return [goodVariables[name] ?? {}, ...badVariables].flatMap((variables) => [
      { path: '/graphql', init: json({ query, variables }) },
      { path: '/graphql', init: json({ documentId, variables }) },
      /^mutation/m.test(query)
        ? { path: `/v1/${name}`, init: json(variables) }
        : { path: `/v1/${name}${parametersOf(variables)}`, init: {} },
    ]);
  });
}

/** The variables as REST takes them: an id in the path, the others as parameters. */
function parametersOf({ id, ...others }: Variables): string {
  const parameters = new URLSearchParams(
    Object.entries(others).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return `${typeof id === 'string' ? `/${encodeURIComponent(id)}` : ''}?${parameters}`;
}

const introspection = `{ __schema { types { name } } __type(name: "${marks.mail}") { name } }`;

/** Every way to be refused that the reference names, with something personal in it. */
export function refusedRequests(): MarkedRequest[] {
  const graphql = (body: unknown, path = '/graphql'): MarkedRequest => ({ path, init: json(body) });
  const nested = (depth: number): string => '{ similar '.repeat(depth) + '{ id }' + ' }'.repeat(depth);
  const mailQuery = encodeURIComponent(`{ content(id: "${marks.mail}") { id } }`);
  return [
    graphql({ query: `{ ${marks.mail}` }),
    graphql({ query: `{ content(id: "${marks.mail}) { id } }` }),
    graphql({ query: `{ content(id: "${marks.mail}") { ${marks.word} } }` }),
    graphql({ query: `{ feed(after: "${marks.mail}") { edges { cursor } } }` }),
    graphql({ query: `{ feed(filter: { regions: ["${marks.mail}"] }) { edges { cursor } } }` }),
    graphql({ query: `{ content(id: "${marks.mail}") ${nested(40)} }` }),
    graphql({
      query: `{ user(id: "${marks.user}") { id region } exportUser(id: "other-${marks.user}") { json } }`,
    }),
    graphql({ query: `mutation { eraseUser(id: "other-${marks.user}") { requestId } }` }),
    graphql({ query: introspection }),
    graphql([{ query: '{ __typename }', variables: { mail: marks.mail } }]),
    graphql({ query: 'query A { __typename }', operationName: marks.mail }),
    graphql({ query: '{ __typename }', variables: marks.mail }),
    graphql({ query: '{ __typename }', documentId: marks.mail }),
    graphql({ documentId: marks.mail, variables: { mail: marks.mail } }),
    graphql({ extensions: { persistedQuery: { version: 1, sha256Hash: marks.mail } } }),
    graphql({ doc_id: marks.mail }),
    graphql({ mail: marks.mail }),
    graphql({ query: '{ __typename }', variables: { mail: marks.mail.repeat(5_000) } }),
    { path: '/graphql', init: { ...json({}), body: `{"query": "${marks.mail}` } },
    {
      path: '/graphql',
      init: { method: 'POST', body: marks.mail, headers: { 'content-type': 'text/plain' } },
    },
    { path: '/graphql', init: { ...json({}), method: 'PUT' } },
    { path: `/graphql?query=${mailQuery}&access_token=${marks.mail}`, init: {} },
    { path: `/graphql?documentId=${marks.mail}&variables={`, init: {} },
    { path: `/v1/${marks.mail}`, init: {} },
    { path: `/v1/content-detail/${marks.mail}?mail=${marks.mail}`, init: {} },
    { path: '/v1/submit-nps', init: { ...json({}), body: `{"comment": "${marks.mail}` } },
    { path: `/${marks.mail}`, init: {} },
    { path: `/openapi.json?mail=${marks.mail}`, init: {} },
    { path: '/graphql', init: json({ query: '{ __typename }' }, { 'x-region': marks.mail }) },
    { path: '/graphql', init: json({ query: '{ __typename }' }, { 'x-request-id': marks.mail }) },
    { path: '/graphql', init: json({ query: '{ __typename }' }, { origin: `https://${marks.mail}` }) },
  ];
}
