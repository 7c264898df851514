import fc from 'fast-check';
import {
  buildSchema,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { RequestError } from '#platform/errors/request-error.ts';
import { maxParameterLength, variablesOfBody, variablesOfQuery } from './request-variables.ts';
import type { RestRoute } from './rest-route.ts';
import { restRouteOf } from './rest-routes.ts';
import { documentOf } from './test/document-of.ts';

const schema = buildSchema(`
  enum Size { SMALL LARGE }
  input Range { least: Float most: Float! }
  input Part { name: String! count: Int }
  input Search { text: String sizes: [Size!] range: Range parts: [Part!] and: Search exact: Boolean }
  type Query { find(id: ID!, n: Int, ids: [ID!], size: Size, search: Search, grid: [[Int!]!]): Int }
  type Mutation { put(id: ID!, parts: [Part!]): Int }
`);

const get = restRouteOf(
  documentOf(`query Find($id: ID!, $n: Int! = 5, $ids: [ID!], $size: Size, $search: Search, $grid: [[Int!]!]) {
    find(id: $id, n: $n, ids: $ids, size: $size, search: $search, grid: $grid)
  }`),
  schema,
);
const post = restRouteOf(
  documentOf('mutation Put($id: ID!, $parts: [Part!]) { put(id: $id, parts: $parts) }'),
  schema,
);

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
/** A query string has neither null nor an empty list or object: each is the parameter left out. */
function valueOf(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  const bare = getNullableType(type);
  if (isListType(bare)) return fc.array(valueOf(bare.ofType, depth + 1), { minLength: 1, maxLength: 3 });
  if (isEnumType(bare)) return fc.constantFrom(...bare.getValues().map(({ name }) => name));
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields()).filter(
      (field) => depth < 2 || getNullableType(field.type) !== bare,
    );
    const model = Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, depth + 1)]));
    const requiredKeys = fields.filter(({ type: inner }) => isNonNullType(inner)).map(({ name }) => name);
    return fc.record(model, { requiredKeys }).filter((value) => Object.keys(value).length > 0);
  }
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  return { Int: fc.integer(), Float: number, Boolean: fc.boolean() }[String(bare)] ?? text;
}

/** Writes variables as a client does that knows the description alone. */
function queryOf(route: RestRoute, variables: Record<string, unknown>): URLSearchParams {
  const query = new URLSearchParams();
  for (const { name, at, form } of route.parameters.values()) {
    let value: unknown = variables;
    for (const key of at) value = new Map(Object.entries(Object(value))).get(key);
    if (value === undefined) continue;
    if (form === 'json') query.append(name, JSON.stringify(value));
    else for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  return query;
}

/** `read`, or the code of the refusal. */
function outcomeOf(query: URLSearchParams): string {
  try {
    variablesOfQuery(get, 'a', query);
    return 'read';
  } catch (error) {
    return error instanceof RequestError ? error.code : String(error);
  }
}

describe('variablesOfQuery', () => {
  it('reads the variables that a client wrote, whatever they hold', () => {
    const model = Object.fromEntries(get.variables.map(({ name, type }) => [name, valueOf(type)]));
    fc.assert(
      fc.property(fc.record(model, { requiredKeys: ['id'] }), (variables) => {
        const query = new URLSearchParams(queryOf(get, variables).toString());
        expect(variablesOfQuery(get, String(variables['id']), query)).toEqual(variables);
      }),
      { numRuns: 200 },
    );
  });

  it('answers any query string with variables or with BAD_USER_INPUT', () => {
    const name = fc.oneof(fc.constantFrom(...get.parameters.keys(), '__proto__', 'constructor'), text);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text), { maxLength: 4 }), (pairs) => {
        expect(['read', 'BAD_USER_INPUT']).toContain(outcomeOf(new URLSearchParams(pairs)));
      }),
    );
  });

  it.each([
    ['n=1.5', 'Parameter "n" must be a whole number of 32 bits, not "1.5".'],
    ['n=', 'Parameter "n" must be a whole number of 32 bits, not "".'],
    ['n=9999999999', /^Parameter "n": Int cannot represent non 32-bit/],
    ['n=1&n=2', 'Parameter "n" was given 2 times.'],
    ['size=HUGE', 'Parameter "size" must be one of SMALL, LARGE, not "HUGE".'],
    ['search.sizes=SMALL&search.sizes=toString', /^Parameter "search.sizes" must be one of/],
    ['search.exact=yes', 'Parameter "search.exact" must be true or false, not "yes".'],
    ['search.range.least=0x10', 'Parameter "search.range.least" must be a number, not "0x10".'],
    ['search.range.most=1e999', 'Parameter "search.range.most" must be a number, not "1e999".'],
    ['search.range.least=1', /^Parameter "search.range": Field "most" of required type "Float!"/],
    ['search.parts=[{"name":1}]', /^Parameter "search.parts\[0\].name": String cannot represent/],
    ['search.parts={', 'Parameter "search.parts" is not JSON.'],
    ['search.and={"__proto__":{"text":"a"}}', /^Parameter "search.and": Field "__proto__" is not defined/],
    ['grid=[[1,"a"]]', /^Parameter "grid\[0\]\[1\]": Int cannot represent/],
    [`ids=${'a'.repeat(maxParameterLength + 1)}`, 'Parameter "ids" may have 2000 characters at most.'],
    ['m=1', /^Unknown parameter "m"\. GET \/v1\/find\/\{id\} takes n, ids, size, search\.text, /],
    ['id=1', /^Unknown parameter "id"/],
    ['__proto__=1', /^Unknown parameter "__proto__"/],
    ['constructor=1', /^Unknown parameter "constructor"/],
    ['search.__proto__.text=1', /^Unknown parameter "search.__proto__.text"/],
    [`${'m'.repeat(500)}=1`, /^Unknown parameter "m{60}…"/],
  ])('refuses %s', (query, message) => {
    expect(() => variablesOfQuery(get, 'a', new URLSearchParams(query))).toThrow(message);
  });
});

describe('variablesOfBody', () => {
  it('takes an object of the variables', () => {
    const variables = { id: 'a', parts: [{ name: 'b', count: null }] };
    expect(variablesOfBody(post, JSON.stringify(variables))).toEqual(variables);
  });

  it.each([
    ['', 'Variable "id" is missing.'],
    ['[]', 'The body must be a JSON object of variables.'],
    ['null', 'The body must be a JSON object of variables.'],
    ['{', 'The body is not JSON.'],
    ['{"id":{}}', /^Variable "id": ID cannot represent/],
    ['{"id":"a","ids":[]}', 'Unknown variable "ids". POST /v1/put takes id, parts.'],
    ['{"id":"a","__proto__":{"parts":[]}}', /^Unknown variable "__proto__"/],
    [
      '{"id":"a","parts":[{"name":"b"},{"nam":"c"}]}',
      /^Variable "parts\[1\]": Field "name" of required type/,
    ],
  ])('refuses %s', (body, message) => {
    expect(() => variablesOfBody(post, body)).toThrow(message);
  });
});
