import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { cachePolicyOf } from './cache-policy.ts';

const schema = buildSchema(`
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION | OBJECT
  type Query {
    whoami: String
    product: Product @cacheControl(maxAge: 60)
    bare: Product
    mine: Product @cacheControl(maxAge: 30, scope: PRIVATE)
  }
  type Mutation { buy: Product @cacheControl(maxAge: 60) }
  type Product @cacheControl(maxAge: 300) {
    id: ID
    stock: Int @cacheControl(maxAge: 5)
    price: Int @cacheControl(scope: PRIVATE)
    maker: Maker
    long: Int @cacheControl(maxAge: 9000)
  }
  type Maker { name: String }
`);

describe('cachePolicyOf', () => {
  it.each([
    ['a field of its own policy', 'query A { product { id } }', 60, 'PUBLIC'],
    ['a type’s policy', 'query A { bare { id } }', 300, 'PUBLIC'],
    ['the least of several', 'query A { product { id stock } }', 5, 'PUBLIC'],
    ['a longer child, which lengthens nothing', 'query A { product { long } }', 60, 'PUBLIC'],
    [
      'a child without a policy, which takes its parent’s',
      'query A { product { maker { name } } }',
      60,
      'PUBLIC',
    ],
    ['a field without any policy', 'query A { whoami product { id } }', 0, 'PUBLIC'],
    ['the same under an alias', 'query A { product { id } x: whoami }', 0, 'PUBLIC'],
    ['the same in a fragment', 'query A { product { id } ...F } fragment F on Query { whoami }', 0, 'PUBLIC'],
    ['a private field', 'query A { mine { id } }', 30, 'PRIVATE'],
    [
      'a private field in a fragment',
      'query A { bare { ...F } } fragment F on Product { price }',
      300,
      'PRIVATE',
    ],
    ['a short field in a fragment', 'query A { bare { ...F } } fragment F on Product { stock }', 5, 'PUBLIC'],
    ['a field of a fragment', 'query A { product { ...F } } fragment F on Product { id }', 60, 'PUBLIC'],
    ['__typename, which costs nothing', 'query A { __typename product { __typename id } }', 60, 'PUBLIC'],
    ['a mutation', 'mutation A { buy { id } }', 0, 'PUBLIC'],
  ])('takes %s', (_what, text, seconds, scope) => {
    expect(cachePolicyOf(schema, parse(text))).toEqual({ maxAgeMs: seconds * 1000, scope });
  });
});
