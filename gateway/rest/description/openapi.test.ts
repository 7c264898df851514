import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operationsOf, SchemaJudge } from '../../../test/support/openapi-checks.ts';
import { repositoryDocumentFiles } from '../../documents/repository-documents.ts';
import { restRoutesOf } from '../rest-routes.ts';
import { documentOf, publicSchema } from '../test/document-of.ts';
import { openApiOf } from './openapi.ts';

const documents = repositoryDocumentFiles().map((file) => documentOf(readFileSync(file, 'utf8')));

interface Description {
  readonly info: object;
  readonly paths: object;
  readonly components: { readonly schemas: object };
}

function describeDocuments(texts: readonly string[], schema: GraphQLSchema = publicSchema): Description {
  // As JSON, because that is what a client gets.
  return JSON.parse(JSON.stringify(openApiOf(restRoutesOf(texts.map(documentOf), schema), schema)));
}

const validator = new Validator();
const texts = documents.map(({ text }) => text);
const description = describeDocuments(texts);

/** The data schema of the only operation, with its references. */
function dataOf(text: string, schema?: GraphQLSchema) {
  const described = describeDocuments([text], schema);
  const [operation] = operationsOf(described);
  if (operation === undefined) throw new Error('no operation');
  const judge = new SchemaJudge(described);
  return { operation, described, problem: (data: unknown) => judge.answerProblem(operation, { data }) };
}

async function validity(described: unknown): Promise<unknown> {
  const result = await validator.validate(JSON.parse(JSON.stringify(described)));
  return { ...result, version: validator.version };
}

describe('openApiOf', () => {
  it('is valid OpenAPI 3.1 for the documents of the repository, and for none', async () => {
    expect(await validity(description)).toEqual({ valid: true, version: '3.1' });
    expect(await validity(describeDocuments([]))).toEqual({ valid: true, version: '3.1' });
  });

  it('describes every operation and everything that it takes', () => {
    for (const { path, description: said, parameters } of operationsOf(description)) {
      expect(said, path).toMatch(/\.$/);
      expect(parameters.filter((one) => 'name' in one && one.description === '')).toEqual([]);
    }
  });

  it('gives examples that its own schemas accept', () => {
    const judge = new SchemaJudge(description);
    for (const operation of operationsOf(description)) {
      const { path, method, parameters, requestBody, responses } = operation;
      const at = ['paths', path, method];
      const example = responses['200']?.content?.['application/json'].example;
      expect(example, path).toBeDefined();
      expect(judge.answerProblem(operation, example), path).toBeNull();
      const problems = parameters.map((parameter, index) => {
        if (!('name' in parameter)) return null;
        const given = parameter.example ?? Object(parameter.schema?.['examples'])[0];
        return judge.problem([...at, 'parameters', String(index), 'schema'], given);
      });
      expect(problems, path).toEqual(parameters.map(() => null));
      if (requestBody === undefined) continue;
      const { example: body } = requestBody.content['application/json'];
      const problem = judge.problem([...at, 'requestBody', 'content', 'application/json', 'schema'], body);
      expect(problem, path).toBeNull();
    }
  });

  it('has one operation for each document and no other, whichever documents there are', () => {
    fc.assert(
      fc.property(fc.subarray(texts), (some) => {
        const described = describeDocuments(some);
        expect(operationsOf(described)).toHaveLength(some.length);
        // What is described does not depend on what else is.
        for (const operation of operationsOf(described)) {
          const same = operationsOf(description).find(({ path }) => path === operation.path);
          expect(operation).toEqual(same);
        }
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    'query A($first: Int! = 10) { trending(first: $first) { id } }',
    'query A($first: Int!) { trending(first: $first) { id } }',
    'query A($first: Int! = 20) { trending(first: $first) { id title } }',
    'query A($first: Int! = 20) { top: trending(first: $first) { id } other: me { id } }',
    'query A($first: Int! = 20) { trending(first: $first) { id @include(if: true) } }',
    '# Said anew.\nquery A($first: Int! = 20) { trending(first: $first) { id } }',
  ])('changes with its document: %s', (after) => {
    const before = describeDocuments(['query A($first: Int! = 20) { trending(first: $first) { id } }']);
    const changed = describeDocuments([after]);
    expect(changed.info).not.toEqual(before.info);
    expect([changed.paths, changed.components]).not.toEqual([before.paths, before.components]);
  });
});

describe('the schema of an answer', () => {
  it('knows null, lists, enums, times and what may be left out', () => {
    const { problem } = dataOf(`query A($deep: Boolean! = true) {
      feed { edges { node { source content { tags publishedAt imageUrl quality @include(if: $deep) } } } }
    }`);
    const content = { tags: ['a'], publishedAt: '2026-05-01T12:00:00.000Z', imageUrl: null };
    const feed = (node: unknown): unknown => ({ edges: [{ node }] });
    expect(problem(null)).toBeNull();
    expect(problem(feed(null))).toBeNull();
    expect(problem(feed({ source: 'FRESH', content }))).toBeNull();
    expect(problem(feed({ source: 'FRESH', content: { ...content, quality: 0.5 } }))).toBeNull();
    expect(problem(feed({ source: 'STALE', content }))).not.toBeNull();
    expect(problem(feed({ source: 'FRESH', content: { ...content, tags: [null] } }))).not.toBeNull();
    expect(problem(feed({ source: 'FRESH', content: { ...content, publishedAt: 'May' } }))).not.toBeNull();
    expect(problem(feed({ source: 'FRESH', content: { ...content, title: 'a' } }))).not.toBeNull();
    expect(problem({ edges: null })).not.toBeNull();
  });

  it('is an object of the root fields where there are several, and not null where the path names one', () => {
    const both = dataOf('query A { me { id } regions { code } }');
    expect(both.problem({ me: null, regions: [{ code: 'FR' }] })).toBeNull();
    expect(both.problem({ me: null })).not.toBeNull();
    const one = dataOf('query A($id: ID!) { vendor(id: $id) { name } }');
    expect(one.problem({ name: 'a' })).toBeNull();
    expect(one.problem(null)).not.toBeNull();
  });

  it('names components after operation, type and fragment, and tells selections of one type apart', () => {
    const { described } = dataOf(`query A {
      trending { ...Card similar { id vendor { id } } vendor { name } }
    }
    fragment Card on Content { title }`);
    const { described: whole } = dataOf(
      'query B { trending { ...Card } } fragment Card on Content { title }',
    );
    const names = (of: Description): string[] => Object.keys(of.components.schemas);
    expect(names(described)).toEqual(
      expect.arrayContaining(['A.Content', 'A.SimilarContent', 'A.Vendor', 'A.TrendingVendor']),
    );
    expect(names(whole)).toContain('B.Card');
  });

  it('merges selections, aliases and __typename, and lists the types of a union', () => {
    const schema = buildSchema(`
      interface Node { id: ID! }
      type Cat implements Node { id: ID! lives: Int! }
      type Dog implements Node { id: ID! name: String }
      union Pet = Cat | Dog
      type Query { pet: Pet! node: Node }
    `);
    const { problem } = dataOf(
      'query A { pet { __typename ... on Node { key: id } ...Lives ... on Dog { name } } } fragment Lives on Cat { lives }',
      schema,
    );
    expect(problem({ __typename: 'Cat', key: 'a', lives: 9 })).toBeNull();
    expect(problem({ __typename: 'Dog', key: 'a', name: null })).toBeNull();
    expect(problem({ __typename: 'Dog', key: 'a', lives: 9 })).not.toBeNull();
  });

  it('stays valid where an input contains itself', async () => {
    const schema = buildSchema(`
      input Rule { name: String! all: [Rule!] not: Rule }
      type Query { match(rule: Rule!): Boolean }
      type Mutation { set(rule: Rule!): Boolean }
    `);
    const described = describeDocuments(
      ['query Match($rule: Rule!) { match(rule: $rule) }', 'mutation Set($rule: Rule!) { set(rule: $rule) }'],
      schema,
    );
    expect(await validity(described)).toMatchObject({ valid: true });
    const judge = new SchemaJudge(described);
    const rule = ['components', 'schemas', 'Rule'];
    expect(
      judge.problem(rule, { name: 'a', all: [{ name: 'b', not: { name: 'c' } }], not: null }),
    ).toBeNull();
    expect(judge.problem(rule, { name: 'a', all: [{ not: null }] })).not.toBeNull();
  });
});
