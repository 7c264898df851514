import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { RequestError } from '#platform/errors/request-error.ts';
import { checkDocument } from './check-document.ts';

const schema = buildSchema(`
  type Query { node: Node nodes(first: Int): [Node] }
  type Node { id: ID! node: Node nodes(first: Int): [Node] }
  directive @mark on FIELD | QUERY | VARIABLE_DEFINITION | FRAGMENT_DEFINITION | FRAGMENT_SPREAD | INLINE_FRAGMENT
`);

function refusal(text: string): string | null {
  try {
    checkDocument(schema, parse(text));
    return null;
  } catch (error) {
    if (error instanceof RequestError && error.code === 'QUERY_TOO_COMPLEX') return error.message;
    throw error;
  }
}

const nested = (depth: number): string => `${'{ node '.repeat(depth - 1)} { id } ${'}'.repeat(depth - 1)}`;
const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

describe('checkDocument', () => {
  it.each<[limit: string, allowed: string, refused: string, message: RegExp]>([
    ['depth', nested(8), nested(9), /is 9 fields deep; the limit is 8/],
    [
      'depth through fragments',
      `{ node { ...A } } fragment A on Node { node ${nested(6)} }`,
      `{ node { ...A } } fragment A on Node { node ${nested(7)} }`,
      /is 9 fields deep/,
    ],
    [
      'aliases',
      `{ node { ${times(15, (i) => `a${i}: id`)} } }`,
      `{ node { ${times(16, (i) => `a${i}: __typename`)} } }`,
      /has 16 aliases.*limit is 15/,
    ],
    [
      'aliases through fragments',
      `{ node { ...A node { ...A } } } fragment A on Node { ${times(7, (i) => `a${i}: id`)} }`,
      `{ node { ...A node { ...A } } } fragment A on Node { ${times(8, (i) => `a${i}: id`)} }`,
      /has 16 aliases/,
    ],
    [
      'root fields',
      `{ ${times(5, () => '__typename')} }`,
      `{ ${times(4, () => '__typename')} ...A } fragment A on Query { node { id } ... { __typename } }`,
      /has 6 root fields.*limit is 5/,
    ],
    [
      'directives',
      `query @mark { node { id ${'@mark '.repeat(9)} } }`,
      `query($v: ID @mark) @mark { node { ...A @mark ... @mark { id @mark } } } fragment A on Node @mark { id ${'@mark '.repeat(5)} }`,
      /has 11 directives.*limit is 10/,
    ],
    [
      'cost',
      '{ nodes(first: 50) { nodes(first: 99) { id } } }',
      '{ nodes(first: 50) { nodes(first: 100) { id } } }',
      /costs 5050.*limit is 5000/,
    ],
    [
      'cost before its variables are known',
      'query($n: Int) { nodes(first: $n) { id } }',
      'query($n: Int) { nodes(first: $n) { nodes(first: $n) { id } } }',
      /costs 10100/,
    ],
    [
      'comparisons of fields',
      `{ node { ${'id '.repeat(18)} ...A ...A } } fragment A on Node { ${'id '.repeat(20)} }`,
      `{ node { ${'id '.repeat(20)} ...A ...A } } fragment A on Node { ${'id '.repeat(23)} id: __typename }`,
      /takes 1\d\d\d comparisons of fields of one name.*limit is 1000/,
    ],
    [
      'comparisons below fields that are merged',
      `{ ${`node { ${'id '.repeat(7)} } `.repeat(5)} }`,
      `{ ${`node { ${'id '.repeat(9)} } `.repeat(5)} }`,
      /takes 1\d{3} comparisons/,
    ],
    ['reserved aliases', '{ _id: __typename }', '{ ... { __id: __typename } }', /alias __id begins with __/],
    [
      'the second operation',
      'query A { node { id } } query B { node { id } }',
      `query A { node { id } } query B ${nested(9)}`,
      /is 9 fields deep/,
    ],
  ])('limits %s', (_limit, allowed, refused, message) => {
    expect(refusal(allowed)).toBeNull();
    expect(refusal(refused)).toMatch(message);
  });

  it('measures no depth below introspection', () => {
    const types = '{ fields { type { ofType { ofType { ofType { ofType { ofType { name } } } } } } } }';
    expect(refusal(`{ __schema { types ${types} } }`)).toBeNull();
    expect(refusal(`{ __schema { types ${types} } node ${nested(9)} }`)).toMatch(/is 10 fields deep/);
  });

  it('refuses a bomb of fragments without going through it, and ends at a cycle', () => {
    const levels = times(
      30,
      (i) => `fragment F${i} on Node { a: node { ...F${i + 1} } node { ...F${i + 1} } }`,
    );
    const bomb = `{ node { ...F0 } } ${levels} fragment F30 on Node { id }`;
    expect(refusal(bomb)).toMatch(/is 32 fields deep/);
    const flat = bomb
      .replaceAll('node { ...', '... { ...')
      .replaceAll('a: ...', '... ')
      .replace('id', 'a: id');
    expect(refusal(flat)).toMatch(/has 1073741824 aliases/);
    expect(
      refusal('{ node { ...A } } fragment A on Node { ...B } fragment B on Node { ...A id }'),
    ).toBeNull();
  });
});
