import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusedCalculations } from './calculations.ts';
import { fillMarketplace } from './fixture.ts';
import { forms, type RunningForm } from './forms.ts';
import type { AskOptions } from './graphql-client.ts';

const megabyte = 'x'.repeat(1_000_000);
const now = new Date().toISOString();
const content = {
  id: 'fresh',
  vendorId: 'vendor-FR-0',
  title: 'Fresh',
  description: 'Fresh.',
  category: 'venues',
  region: 'FR',
  publishedAt: now,
};
const upsert =
  'mutation($input: [ContentInput!]!) { upsertContents(input: $input) { contents { id } rejected { id code } } }';
const upsertVendor =
  'mutation($input: [VendorInput!]!) { upsertVendors(input: $input) { vendors { id } rejected { id code } } }';
const record =
  'mutation($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted duplicates rejected { id code } } }';

/** Requests that are refused as a whole: query, variables, code. */
const refused: readonly [what: string, query: string, variables: object, code: string][] = [
  ['a page of none', '{ feed(first: 0) { edges { cursor } } }', {}, 'BAD_USER_INPUT'],
  ['a page of 1,000', '{ feed(first: 1000) { edges { cursor } } }', {}, 'BAD_USER_INPUT'],
  [
    'a search page of 1,000',
    '{ searchContent(text: "peony", first: 1000) { totalCount } }',
    {},
    'BAD_USER_INPUT',
  ],
  ['a trending page of 0', '{ trending(first: 0) { id } }', {}, 'BAD_USER_INPUT'],
  [
    '101 ids',
    'query($ids: [ID!]!) { contents(ids: $ids) { id } }',
    { ids: Array.from({ length: 101 }, (_, i) => `${i}`) },
    'BAD_USER_INPUT',
  ],
  ['a broken feed cursor', '{ feed(after: "AAAA") { edges { cursor } } }', {}, 'BAD_USER_INPUT'],
  [
    'a broken search cursor',
    '{ searchContent(text: "peony", after: "AAAA") { totalCount } }',
    {},
    'BAD_USER_INPUT',
  ],
  ['a broken change cursor', '{ contentChanges(after: "AAAA") { cursor } }', {}, 'BAD_USER_INPUT'],
  [
    'a malformed region',
    '{ feed(filter: { regions: ["France"] }) { edges { cursor } } }',
    {},
    'BAD_USER_INPUT',
  ],
  [
    'a malformed region in trending',
    '{ trending(filter: { regions: ["fr"] }) { id } }',
    {},
    'BAD_USER_INPUT',
  ],
  ['no text to search', '{ searchContent(text: "   ") { totalCount } }', {}, 'BAD_USER_INPUT'],
  [
    'a megabyte to search',
    'query($text: String!) { searchContent(text: $text) { totalCount } }',
    { text: megabyte },
    'BAD_USER_INPUT',
  ],
  [
    'a megabyte of cursor',
    'query($after: String) { feed(after: $after) { edges { cursor } } }',
    { after: megabyte },
    'BAD_USER_INPUT',
  ],
  [
    '501 interactions',
    record,
    {
      input: Array.from({ length: 501 }, (_, i) => ({
        id: `${i}`,
        contentId: 'content-FR-1',
        type: 'VIEW',
        occurredAt: now,
      })),
    },
    'BAD_USER_INPUT',
  ],
  [
    '501 contents',
    upsert,
    { input: Array.from({ length: 501 }, (_, i) => ({ ...content, id: `${i}` })) },
    'BAD_USER_INPUT',
  ],
  ['a wrong type', record, { input: 'save' }, 'BAD_USER_INPUT'],
  [
    'an unknown enum value',
    record,
    { input: [{ id: '1', contentId: 'content-FR-1', type: 'LOVE', occurredAt: now }] },
    'BAD_USER_INPUT',
  ],
  [
    'a time that is none',
    record,
    { input: [{ id: '1', contentId: 'content-FR-1', type: 'VIEW', occurredAt: 'yesterday' }] },
    'BAD_USER_INPUT',
  ],
  [
    'a time in the query that is none',
    'mutation { recordInteractions(input: [{ id: "1", contentId: "content-FR-1", type: VIEW, occurredAt: "yesterday" }]) { accepted } }',
    {},
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a missing variable', record, {}, 'BAD_USER_INPUT'],
  [
    'an unknown vendor to follow',
    'mutation { followVendor(vendorId: "nobody") { following } }',
    {},
    'NOT_FOUND',
  ],
  [
    'a malformed profile region',
    'mutation { updateProfile(input: { region: "Atlantis" }) { user { id } } }',
    {},
    'BAD_USER_INPUT',
  ],
  ['an NPS of 11', 'mutation { submitNps(score: 11) { accepted } }', {}, 'BAD_USER_INPUT'],
  [
    'a time zone that is none',
    '{ businessMetrics(timeZone: "Mars/Olympus") { sessions } }',
    {},
    'BAD_USER_INPUT',
  ],
  [
    'an unknown experiment to start',
    'mutation { startExperiment(key: "nothing") { experiment { key } } }',
    {},
    'NOT_FOUND',
  ],
  ...refusedCalculations,
  ['an unknown field', '{ feeed { edges { cursor } } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['no GraphQL', '{ feed(', {}, 'GRAPHQL_PARSE_FAILED'],
];

/** Entries of a batch that are rejected alone. */
const rejected: readonly [what: string, query: string, entry: object, code: string][] = [
  ['a javascript: image', upsert, { ...content, imageUrl: 'javascript:alert(1)' }, 'BAD_USER_INPUT'],
  [
    'a javascript: website',
    upsertVendor,
    { id: 'fresh', name: 'F', region: 'FR', websiteUrl: 'javascript:alert(1)' },
    'BAD_USER_INPUT',
  ],
  ['a megabyte of title', upsert, { ...content, title: megabyte }, 'BAD_USER_INPUT'],
  ['a malformed region', upsert, { ...content, region: 'France' }, 'BAD_USER_INPUT'],
  ['a category that is no slug', upsert, { ...content, category: 'Wedding Venues' }, 'BAD_USER_INPUT'],
  ['a tag that is no slug', upsert, { ...content, tags: ['Two Words'] }, 'BAD_USER_INPUT'],
  ['a stale version', upsert, { ...content, id: 'content-FR-1', expectedVersion: 99 }, 'CONFLICT'],
  ['an unknown vendor', upsert, { ...content, vendorId: 'nobody' }, 'NOT_FOUND'],
  [
    'an interaction in the future',
    record,
    { id: 'f', contentId: 'content-FR-1', type: 'VIEW', occurredAt: '2999-01-01T00:00:00Z' },
    'BAD_USER_INPUT',
  ],
  [
    'an interaction with unknown content',
    record,
    { id: 'f', contentId: 'nothing', type: 'VIEW', occurredAt: now },
    'NOT_FOUND',
  ],
  [
    'an interaction with an endless id',
    record,
    { id: megabyte, contentId: 'content-FR-1', type: 'VIEW', occurredAt: now },
    'BAD_USER_INPUT',
  ],
];

describe.each(forms)('bad input, $form', ({ start }) => {
  let running: RunningForm;
  const ask = (query: string, variables: object = {}, options: AskOptions = { user: 'eve' }) =>
    running.client.raw(query, variables, options);

  beforeAll(async () => {
    running = await start();
    await fillMarketplace(running.client, 12);
  });
  afterAll(() => running.close());

  it.each(refused)('refuses %s', async (_what, query, variables, code) => {
    const { errors } = await ask(query, variables);
    expect(errors.map((error) => error.extensions.code)).toEqual([code]);
    expect(errors[0]?.message.length).toBeLessThanOrEqual(500);
    expect(Object.keys(errors[0]?.extensions ?? {})).toEqual(['code']);
  });

  it.each(rejected)('rejects %s and applies the entry beside it', async (what, query, entry, code) => {
    const beside =
      query === record
        ? { id: `good ${what}`, contentId: 'content-FR-2', type: 'VIEW', occurredAt: now }
        : query === upsertVendor
          ? { id: `good-${code}`, name: 'Good', region: 'FR' }
          : { ...content, id: `good-${what.replaceAll(/\W/g, '-')}` };
    const { data, errors } = await ask(query, { input: [entry, beside] });
    expect(errors).toEqual([]);
    const [payload] = Object.values(data ?? {});
    expect(payload).toMatchObject({ rejected: [{ code }] });
    expect(payload).toMatchObject(
      query === record ? { accepted: 1 } : { [query === upsertVendor ? 'vendors' : 'contents']: [{}] },
    );
  });

  it('has written nothing of what it refused', async () => {
    const { data } = await ask(
      '{ content(id: "fresh") { id } vendor(id: "fresh") { id } content1: content(id: "content-FR-1") { version } }',
    );
    expect(data).toEqual({ content: null, vendor: null, content1: { version: 1 } });
    const { data: stored } = await ask('{ me { region } businessMetrics { nps { responses } } }');
    expect(stored).toEqual({ me: { region: null }, businessMetrics: { nps: { responses: 0 } } });
  });

  it('answers null for what is unknown', async () => {
    const { data, errors } = await ask(
      '{ content(id: "nothing") { id } vendor(id: "nobody") { id } experiment(key: "none") { key } contents(ids: ["nothing"]) { id } }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ content: null, vendor: null, experiment: null, contents: [null] });
  });

  it('gives an empty feed for a region without content', async () => {
    const { data, errors } = await ask(
      '{ feed(filter: { regions: ["AQ"] }) { edges { cursor } pageInfo { hasNextPage } } }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ feed: { edges: [], pageInfo: { hasNextPage: false } } });
  });

  it("refuses another user's cursor, and another filter's", async () => {
    const { data } = await ask('{ feed(first: 2) { pageInfo { endCursor } } }');
    const cursor = /"endCursor":"([^"]+)"/.exec(JSON.stringify(data))?.[1];
    expect(cursor).toBeTypeOf('string');
    const page = 'query($after: String) { feed(first: 2, after: $after) { edges { cursor } } }';
    const mine = await ask(page, { after: cursor });
    expect(mine.errors).toEqual([]);
    const others = await ask(page, { after: cursor }, { user: 'mallory' });
    const strangers = await ask(page, { after: cursor }, {});
    const filtered = await ask(
      'query($after: String) { feed(first: 2, after: $after, filter: { regions: ["FR"] }) { edges { cursor } } }',
      { after: cursor },
    );
    for (const { errors } of [others, strangers, filtered]) {
      expect(errors.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('asks callers without an id who they are before it keeps anything of theirs', async () => {
    for (const mutation of [
      'mutation { submitNps(score: 5) { accepted } }',
      'mutation { followVendor(vendorId: "vendor-FR-0") { following } }',
    ]) {
      const { errors } = await ask(mutation, {}, {});
      expect(errors.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED']);
    }
    const { data } = await ask('{ me { id } }', {}, {});
    expect(data).toEqual({ me: null });
  });

  it('refuses malformed caller headers', async () => {
    for (const headers of [
      { 'x-user-id': 'anonymous:1' },
      { 'x-anonymous-id': 'me' },
      { 'x-region': 'FRA' },
    ]) {
      const { status, errors } = await ask('{ me { id } }', {}, { headers });
      expect([status, errors[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    }
  });

  it('is alive after all of it', async () => {
    const { data } = await ask('{ feed(first: 3) { edges { cursor } } }');
    expect(JSON.stringify(data).match(/cursor/g)).toHaveLength(3);
  });
});
