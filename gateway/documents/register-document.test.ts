import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { aliasProblem } from './document-alias.ts';
import { readPublicSchema } from './read-public-schema.ts';
import { registerDocument } from './register-document.ts';

const schema = readPublicSchema();

function problemsOf(text: string, { partner = false } = {}): readonly string[] {
  const registration = registerDocument(schema, text, { partner });
  return registration.accepted ? [] : registration.problems.map(({ line, message }) => `${line}: ${message}`);
}

describe('registerDocument', () => {
  it('gives the document its id, name, kind and policy', () => {
    const registration = registerDocument(schema, 'query Top {\n trending(first: 3) { id }\n}', {
      partner: true,
    });
    expect(registration).toMatchObject({
      accepted: true,
      notes: [],
      document: {
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        name: 'Top',
        kind: 'query',
        text: 'query Top {\n  trending(first: 3) {\n    id\n  }\n}',
        maxAgeMs: 60_000,
        scope: 'PUBLIC',
        partner: true,
      },
    });
  });

  it.each([
    ['what is no GraphQL', 'query A {', /^1: Syntax Error/],
    ['no operation', 'fragment F on Content { id }', /^1: There is no operation/],
    [
      'a second operation',
      'query A { __typename }\nquery B { __typename }',
      /^2: There is a second operation/,
    ],
    ['a nameless operation', '{ categories { slug } }', /^1: The operation has no name/],
    ['a subscription', 'subscription A { x }', /^1: A subscription/],
    ['an unknown field', 'query A {\n  nothing\n}', /^2: Cannot query field "nothing"/],
    [
      'an unused fragment',
      'query A { __typename }\nfragment F on Content { id }',
      /^2: Fragment "F" is never used/,
    ],
    ['introspection', 'query A { __schema { types { name } } }', /^1: GraphQL introspection/],
  ])('refuses %s, with its line', (_what, text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.stringMatching(problem));
  });

  it('names every problem at once', () => {
    expect(problemsOf('query A {\n  nothing\n  neither\n}')).toHaveLength(2);
  });

  it('keeps fields of scope dashboard off the lists of keys, in fragments too', () => {
    const text = 'query A {\n  ...F\n}\n\nfragment F on Query {\n  systemHealth { requests }\n}';
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(text, { partner: true })).toEqual([
      "6: Query.systemHealth is for scope dashboard, which no document of a key's list may select.",
    ]);
  });

  it('notes a field that will be removed, and accepts it', () => {
    const aging = buildSchema(
      'type Query { old: Int @deprecated(reason: "Use new until 2027-03-01.") new: Int }',
    );
    expect(registerDocument(aging, 'query A {\n  old\n}', { partner: false })).toMatchObject({
      accepted: true,
      notes: [{ line: 2, message: expect.stringContaining('Use new until 2027-03-01.') }],
    });
  });
});

describe('aliasProblem', () => {
  const text = 'query A { a }';
  it.each([
    ['md5', '4f4a1d1e1c3fd5d6f5e1ce0eb7c0d4a0'],
    ['sha1', 'a'.repeat(40)],
    ['sha256', 'b'.repeat(64)],
  ])('refuses what looks like %s and is not the text’s', (_hash, alias) => {
    expect(aliasProblem(alias, text)).toMatch(/looks like a hash/);
  });

  it('refuses the hash of the text in capitals, which no tool writes', () => {
    expect(aliasProblem('F'.repeat(64), text)).toMatch(/looks like a hash/);
  });

  it.each(['', 'a b', 'a:b', 'x'.repeat(129)])('refuses %j as an identifier', (alias) => {
    expect(aliasProblem(alias, text)).toMatch(/1 to 128/);
  });

  it('accepts a name that looks like no hash', () => {
    expect(aliasProblem('app~1.0.0~feed', text)).toBeNull();
  });
});
