import { describe, expect, it } from 'vitest';
import type { Caller, Scope } from '#platform/caller/caller.ts';
import { HttpError } from '#platform/http/http-error.ts';
import { maxBatchBodyBytes, maxBodyBytes } from '#platform/http/body.ts';
import { largestBody, requestsOf } from './body-size.ts';
import { checkLargeBody } from './large-batches.ts';

const user = (...held: Scope[]): Caller => ({
  kind: 'user',
  userId: 'u1',
  scopes: new Set(held),
  region: null,
  locale: null,
  key: null,
});
const stranger: Caller = { ...user(), kind: 'anonymous', anonymousId: null, key: null };

const query = 'mutation($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted } }';
const variables = { input: Array.from({ length: 500 }, () => ({ id: 'x'.repeat(250) })) };

describe('checkLargeBody', () => {
  const isRefused = (body: object, caller = user()): boolean => {
    try {
      checkLargeBody(Buffer.from(JSON.stringify(body)), caller, (id) => id === 'sha256:b');
      return false;
    } catch (error) {
      if (error instanceof HttpError && error.status === 413) return true;
      throw error;
    }
  };

  it.each<[from: string, body: object]>([
    ['fetch and urql', { query, variables }],
    ['Apollo Client', { operationName: 'R', variables, extensions: {}, query }],
    ['fetch, by id', { documentId: 'sha256:b', variables }],
    [
      'Apollo Client, by hash',
      {
        operationName: 'R',
        variables,
        extensions: { persistedQuery: { version: 1, sha256Hash: 'sha256:b' } },
      },
    ],
    ['Relay', { variables, doc_id: 'sha256:b' }],
  ])('finds a batch as %s sends it', (_from, body) => {
    expect(isRefused(body)).toBe(false);
  });

  it('refuses what names no batch, but for catalogues', () => {
    const other = { query: '{ content(id: "a") { id } }', documentId: 'other', variables };
    expect(isRefused(other)).toBe(true);
    expect(isRefused(other, user('catalogue'))).toBe(false);
    expect(isRefused({ ...other, variables: {} })).toBe(false);
  });
});

describe('the size of a body', () => {
  const announcing = (bytes: number) => ({ headers: { 'content-length': String(bytes) } });

  it('is small for strangers and for chunks', () => {
    expect(largestBody(announcing(1), user())).toBe(maxBatchBodyBytes);
    expect(largestBody(announcing(1), stranger)).toBe(maxBodyBytes);
    expect(largestBody({ headers: { 'transfer-encoding': 'chunked' } }, user('catalogue'))).toBe(
      maxBodyBytes,
    );
  });

  it('counts for a request each 100 KB, where it is read', () => {
    const counts = [0, maxBodyBytes, maxBodyBytes + 1, maxBatchBodyBytes, maxBatchBodyBytes + 1].map(
      (bytes) => requestsOf(announcing(bytes), user()),
    );
    expect(counts).toEqual([1, 1, 2, 21, 1]);
    expect(requestsOf(announcing(maxBatchBodyBytes), stranger)).toBe(1);
  });
});
