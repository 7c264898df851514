import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { askSubgraph, platformOn, type Answer } from '../../../test/support/subgraph.ts';
import { createContentSubgraph } from '../index.ts';

export interface ContentUnderTest {
  readonly subgraph: Subgraph;
  /** Executes an operation in a context of its own. */
  ask(source: string, variables?: Record<string, unknown>, caller?: Caller): Promise<Answer>;
}

/** Somebody who may write the catalogue. */
const owner: Caller = callerWith(['catalogue']);

/** Somebody without any scope. */
export const visitor: Caller = callerWith([]);

/** The content subgraph on `database`, for suites. */
export function openContent(database: Database): ContentUnderTest {
  const subgraph = createContentSubgraph(platformOn(database));
  return {
    subgraph,
    ask: (source, variables, caller = owner) => askSubgraph(subgraph, source, { variables, caller }),
  };
}

/** The value at `path` inside an answer's data. */
export function valueAt(data: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce(
    (value: unknown, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    data,
  );
}

/** The strings at `field` of each object in the list at `path`. */
export function listAt(
  data: unknown,
  path: readonly (string | number)[],
  field: readonly string[],
): string[] {
  const list = valueAt(data, ...path);
  if (!Array.isArray(list)) throw new TypeError(`There is no list at ${path.join('.')}.`);
  return list.map((item: unknown) => String(valueAt(item, ...field)));
}

/** `VendorInput` with defaults. */
export function vendorInput(id: string, overrides: object = {}): object {
  return { id, name: `Studio ${id}`, region: 'US', ...overrides };
}

/** `ContentInput` with defaults. */
export function contentInput(id: string, overrides: object = {}): object {
  return {
    id,
    vendorId: 'v1',
    title: `Entry ${id}`,
    description: '',
    category: 'florals',
    region: 'US',
    publishedAt: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
}

export const upsertVendors = `mutation ($input: [VendorInput!]!) {
  upsertVendors(input: $input) {
    vendors { id name region { code } description websiteUrl version } rejected { id code message } } }`;

export const upsertContents = `mutation ($input: [ContentInput!]!) {
  upsertContents(input: $input) { contents { id version updatedAt } rejected { id code message } } }`;

export const deleteContents = `mutation ($ids: [ID!]!) {
  deleteContents(ids: $ids) { deletedIds rejected { id code message } } }`;

function callerWith(scopes: readonly 'catalogue'[]): Caller {
  return { kind: 'user', userId: 'ada', region: null, locale: null, key: null, scopes: new Set(scopes) };
}
