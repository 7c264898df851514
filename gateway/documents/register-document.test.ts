import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Scope } from '#platform/caller/caller.ts';
import { anyHolder, type ListHolder } from './closed-fields.ts';
import { aliasProblem } from './document-alias.ts';
import { readPublicSchema } from './read-public-schema.ts';
import { registerDocument } from './register-document.ts';

const schema = readPublicSchema();

function problemsOf(text: string, holder: ListHolder | null = null): readonly string[] {
  const registration = registerDocument(schema, text, { holder });
  return registration.accepted ? [] : registration.problems.map(({ line, message }) => `${line}: ${message}`);
}

function holderOf(...scopes: Scope[]): ListHolder {
  return { scopes: new Set(scopes), vendorId: null };
}

function boundTo(vendorId: string, ...scopes: Scope[]): ListHolder {
  return { ...holderOf(...scopes), vendorId };
}

describe('registerDocument', () => {
  it('gives the document its id, name, kind and policy', () => {
    const registration = registerDocument(schema, 'query Top {\n trending(first: 3) { id }\n}', {
      holder: anyHolder,
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

  it('keeps fields of scope dashboard off the lists of keys, whatever their scopes, in fragments too', () => {
    const text = 'query A {\n  ...F\n}\n\nfragment F on Query {\n  systemHealth { requests }\n}';
    expect(problemsOf(text)).toEqual([]);
    for (const holder of [anyHolder, holderOf('partner'), holderOf('partner', 'dashboard')]) {
      expect(problemsOf(text, holder)).toEqual([
        "6: Query.systemHealth is for scope dashboard, which no document of a key's list may select.",
      ]);
    }
  });

  it.each([
    ['query A {\n  user(id: "a") { region }\n}', 'Query.user'],
    ['query A {\n  businessMetrics { sessions }\n}', 'Query.businessMetrics'],
    ['query A { feed { ranking {\n  stages { stage }\n} } }', 'Ranking.stages'],
  ])('knows fields of scope dashboard by their rule: %s', (text, field) => {
    expect(problemsOf(text, anyHolder)).toEqual([
      expect.stringContaining(`2: ${field} is for scope dashboard`),
    ]);
  });

  const editing = 'mutation A {\n  deleteContents(ids: []) { deletedIds }\n}';
  const picking = 'mutation A {\n  setEditorialPicks(input: { contentIds: [] }) { picks { id } }\n}';
  const exporting = 'query A {\n  exportUser(id: "a") { json }\n}';
  const assigned = 'query A {\n  me { assignments { phase } }\n}';
  it.each([
    [
      'needs scope catalogue',
      editing,
      holderOf('partner'),
      /^2: Mutation.deleteContents needs scope catalogue/,
    ],
    [
      'of all vendors',
      picking,
      boundTo('rose', 'catalogue'),
      /^2: Mutation.setEditorialPicks is of all vendors/,
    ],
    ['needs scope privacy', exporting, holderOf('partner'), /^2: Query.exportUser needs scope privacy/],
    ['needs an own user', assigned, holderOf('partner'), /^2: User.assignments needs scope dashboard/],
  ])('refuses what the key of the list could never use: it %s', (_why, text, holder, problem) => {
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(text, holder)).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    ['by its scope', editing, holderOf('partner', 'catalogue')],
    ['by its scope for its vendor', editing, boundTo('rose', 'partner', 'catalogue')],
    ['by a scope across vendors', picking, holderOf('catalogue')],
    ['for users that it acts for', exporting, holderOf('partner', 'delegate')],
    ['for users that it acts for, of its vendor', assigned, boundTo('rose', 'partner', 'delegate')],
  ])('accepts what the key of the list can use %s', (_how, text, holder) => {
    expect(problemsOf(text, holder)).toEqual([]);
  });

  it('notes a field that will be removed, and accepts it', () => {
    const aging = buildSchema(
      'type Query { old: Int @deprecated(reason: "Use new until 2027-03-01.") new: Int }',
    );
    expect(registerDocument(aging, 'query A {\n  old\n}', { holder: null })).toMatchObject({
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
