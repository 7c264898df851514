import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Caller, Scope } from '../caller/caller.ts';
import { enforceAccessRules } from './access-rules.ts';
import { readSharedSdl } from './load-schema.ts';

const sdl = `
  type Query {
    open: String
    figures: String @access(scope: DASHBOARD, otherwise: NULL)
    export(id: ID!): String @access(scope: PRIVACY, orOneself: "id", acrossVendors: true)
    person: Person
  }
  type Mutation { write: String! @access(scope: CATALOGUE) }
  type Person @key(fields: "id") @access(scope: DASHBOARD, orOneself: "id", otherwise: NULL) {
    id: ID!
    diary: String @access(scope: PRIVACY, orOneself: "id")
  }`;
const resolvers = {
  Query: { open: () => 'open', figures: () => '42', export: () => 'all', person: () => ada },
  Mutation: { write: () => 'written' },
  Person: { __resolveReference: ({ id }: { id: string }) => ({ ...ada, id }) },
};
const ada = { id: 'ada', diary: 'dear diary' };

function build(types: string, map = resolvers): GraphQLSchema {
  return enforceAccessRules(
    buildSubgraphSchema([{ typeDefs: parse(`${readSharedSdl()}\n${types}`), resolvers: map }]),
  );
}

function callerOf(userId: string, scopes: readonly Scope[] = [], vendorId: string | null = null): Caller {
  const key = vendorId === null ? null : { id: 'k', vendorId };
  return { kind: 'user', userId, scopes: new Set(scopes), region: null, locale: null, key };
}

/** The data of the field `answer`, or what the error says. */
async function ask(source: string, caller: Caller): Promise<unknown> {
  const { data, errors } = await graphql({ schema: build(sdl), source, contextValue: { caller } });
  const [error] = errors ?? [];
  return error === undefined ? data?.['answer'] : `${String(error.extensions['code'])}: ${error.message}`;
}

const nobody = callerOf('bob');

describe('enforceAccessRules', () => {
  it('opens a field to its scope, and answers null or FORBIDDEN to others as the rule says', async () => {
    expect(await ask('{ answer: figures }', callerOf('bob', ['dashboard']))).toBe('42');
    expect(await ask('{ answer: figures }', callerOf('bob', ['catalogue']))).toBeNull();
    expect(await ask('mutation { answer: write }', callerOf('bob', ['catalogue']))).toBe('written');
    expect(await ask('mutation { answer: write }', nobody)).toBe('FORBIDDEN: This needs scope catalogue.');
    expect(await ask('{ answer: open }', nobody)).toBe('open');
  });

  it('opens a field to oneself, by an argument or by the parent', async () => {
    const denied = "FORBIDDEN: This is another's. It needs scope privacy.";
    expect(await ask('{ answer: export(id: "bob") }', nobody)).toBe('all');
    expect(await ask('{ answer: export(id: "ada") }', nobody)).toBe(denied);
    expect(await ask('{ answer: export(id: "ada") }', callerOf('bob', ['privacy']))).toBe('all');
    expect(await ask('{ answer: person { diary } }', callerOf('ada'))).toEqual({ diary: 'dear diary' });
    expect(await ask('{ answer: person { diary } }', nobody)).toBe(denied);
  });

  it('takes nobody without an id for oneself', async () => {
    const key: Caller = { ...nobody, kind: 'key', key: { id: 'k', vendorId: null } };
    expect(await ask('{ answer: export(id: "null") }', key)).toMatch(/^FORBIDDEN/);
  });

  it('guards an entity by its key, in its own resolver or without one', async () => {
    const entities =
      '{ answer: _entities(representations: [{ __typename: "Person", id: "ada" }]) { ... on Person { id } } }';
    expect(await ask(entities, callerOf('ada'))).toEqual([{ id: 'ada' }]);
    expect(await ask(entities, callerOf('bob', ['dashboard']))).toEqual([{ id: 'ada' }]);
    expect(await ask(entities, nobody)).toEqual([null]);
    const { data } = await graphql({
      schema: enforceAccessRules(
        buildSubgraphSchema([{ typeDefs: parse(`${readSharedSdl()}\n${sdl}`), resolvers: {} }]),
      ),
      source: entities,
      contextValue: { caller: nobody },
    });
    expect(data).toEqual({ answer: [null] });
  });

  it('opens nothing of all vendors to a key that is bound to one, nor as oneself where the rule says so', async () => {
    const bound = callerOf('bob', ['dashboard', 'privacy', 'catalogue'], 'v1');
    expect(await ask('{ answer: figures }', bound)).toBeNull();
    expect(await ask('mutation { answer: write }', bound)).toBe('written');
    expect(await ask('{ answer: export(id: "bob") }', bound)).toMatch(/^FORBIDDEN: .*bound to one/);
    expect(await ask('{ answer: person { diary } }', { ...bound, kind: 'user', userId: 'ada' })).toEqual({
      diary: 'dear diary',
    });
  });

  it('leaves a field without a rule as it is', () => {
    expect(build(sdl).getQueryType()?.getFields()['open']?.resolve).toBe(resolvers.Query.open);
  });

  it.each([
    ['a: Int! @access(scope: DASHBOARD, otherwise: NULL)', 'never null'],
    ['a: Int @access(scope: PRIVACY, orOneself: "name")', 'neither an argument nor a field'],
  ])('refuses %s', (field, message) => {
    expect(() => build(`type Query { ${field} }`, { ...resolvers })).toThrow(message);
  });

  it('refuses an entity that names a field which it lacks', () => {
    const type = 'type Thing @key(fields: "id") @access(scope: PRIVACY, orOneself: "owner") { id: ID! }';
    expect(() => build(`${type} type Query { thing: Thing }`)).toThrow('names owner');
  });
});
