import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { buildSchema, Kind, parse, separateOperations, visit, type SelectionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { supergraphFile } from '../../schema/compose.ts';
import { publicSchemaOf } from '../../schema/public-schema.ts';
import { documentCost } from './document-cost.ts';
import { documentLimits } from './document-limits.ts';
import type { Variables } from './list-size.ts';

const schema = buildSchema(`
  type Query {
    node: Node
    nodes: [Node!]!
    page(first: Int! = 20): Page
    byIds(ids: [ID!]!): [Node]
  }
  type Node { id: ID! tags: [String!]! one: Node many(first: Int = 10): [Node!]! page(first: Int): Page }
  type Page { edges: [Edge!]! total: Int! info: Info! }
  type Edge { cursor: String! node: Node }
  type Info { more: Boolean! }
  input Row { id: ID! tags: [String!] }
  input Picks { region: String ids: [ID!]! }
  type Written { rows: [Node!]! count: Int! }
  type Mutation { write(rows: [Row!]!): Written! pick(input: Picks!): Written! }
`);

function costOf(text: string, variables: Variables | null = {}, name: string | null = null): number {
  return documentCost(schema, parse(text), name, variables);
}

describe('documentCost', () => {
  it.each<[what: string, text: string, variables: Variables | null, cost: number]>([
    ['an object', '{ node { id } }', {}, 1],
    ['an object in an object', '{ node { one { id } } }', {}, 2],
    ['scalars', '{ node { id tags id __typename } }', {}, 1],
    ['a list without an argument', '{ nodes { id } }', {}, 20],
    ['a page, whose edges count by its first', '{ page(first: 7) { edges { node { id } } } }', {}, 1 + 7 * 2],
    ['a page by default', '{ page { edges { cursor } } }', {}, 1 + 20],
    ['what stands beside the edges', '{ page(first: 7) { total info { more } } }', {}, 2],
    ['ids', '{ byIds(ids: ["a", "b", "c"]) { one { id } } }', {}, 6],
    ['one id, which is a list of one', '{ byIds(ids: "a") { id } }', {}, 1],
    ['lists in lists', '{ byIds(ids: ["a", "b"]) { many(first: 3) { one { id } } } }', {}, 2 + 2 * 3 * 2],
    ['a first below one', '{ byIds(ids: ["a"]) { many(first: -9) { id } } }', {}, 2],
    ['a variable', 'query($n: Int!) { page(first: $n) { edges { cursor } } }', { n: 5 }, 6],
    ['a variable by default', 'query($n: Int! = 4) { page(first: $n) { edges { cursor } } }', {}, 5],
    ["an argument's default", 'query($n: Int) { node { many(first: $n) { id } } }', {}, 11],
    ['a missing variable', 'query($n: Int) { node { page(first: $n) { edges { cursor } } } }', {}, 102],
    ['a wrong variable', 'query($n: Int!) { page(first: $n) { edges { cursor } } }', { n: 'x' }, 101],
    [
      'an infinite variable',
      'query($n: Int!) { page(first: $n) { total } nodes { id } }',
      { n: Number.POSITIVE_INFINITY },
      21,
    ],
    ['no variables yet', 'query($n: Int! = 4) { page(first: $n) { edges { cursor } } }', null, 101],
    ['a list variable', 'query($ids: [ID!]!) { byIds(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    ['no list variable yet', 'query($ids: [ID!]!) { byIds(ids: $ids) { id } }', null, 100],
    ['a write', 'mutation { write(rows: [{ id: 1 }, { id: 2 }]) { count rows { id } } }', {}, 12],
    ['a batch to come', 'mutation($rows: [Row!]!) { write(rows: $rows) { rows { id } } }', null, 510],
    [
      'a list in an input',
      'mutation { pick(input: { region: "FR", ids: [1, 2, 3] }) { rows { id } } }',
      {},
      13,
    ],
    [
      'a list in an input variable',
      'mutation($input: Picks!) { pick(input: $input) { rows { id } } }',
      { input: { region: 'FR', ids: [1, 2, 3, 4] } },
      14,
    ],
    ['introspection', '{ __schema { types { name } } }', {}, 0],
    ['what is left out', '{ node @skip(if: true) { id } }', {}, 1],
  ])('counts %s', (_what, text, variables, cost) => {
    expect(costOf(text, variables)).toBe(cost);
  });

  it('counts the named operation alone', () => {
    const text = 'query A { node { id } } query B { nodes { id } }';
    expect([costOf(text, {}, 'A'), costOf(text, {}, 'B'), costOf(text, {}, 'C'), costOf(text)]).toEqual([
      1, 20, 0, 0,
    ]);
  });

  it('counts a bomb of fragments without going through it', () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `fragment F${level} on Node { one { ...F${level + 1} } b: one { ...F${level + 1} } }`,
    );
    const bomb = `{ node { ...F0 } } ${levels.join(' ')} fragment F30 on Node { one { id } }`;
    expect(costOf(bomb)).toBe(3 * 2 ** 30 - 1);
    const inLists = bomb.replaceAll('one {', 'many(first: $n) {').replace('{', 'query($n: Int!) {');
    expect(costOf(inLists, { n: 1e300 })).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('ends at fragments that spread one another', () => {
    const cycle =
      '{ node { ...A } } fragment A on Node { one { ...B } } fragment B on Node { one { ...A } id }';
    expect(costOf(cycle)).toBe(3);
    expect(costOf('{ node { ...A } } fragment A on Node { ...A }')).toBe(1);
  });

  it('is within the limit for every document that the project serves, whatever their variables', () => {
    const folder = join(import.meta.dirname, '../../schema/documents');
    const supergraph = publicSchemaOf(readFileSync(supergraphFile, 'utf8'));
    for (const name of readdirSync(folder)) {
      const document = parse(readFileSync(join(folder, name), 'utf8'));
      for (const operation of Object.keys(separateOperations(document))) {
        const cost = documentCost(supergraph, document, operation, null);
        // It answers numbers alone, and no object.
        expect(cost, name).toBeGreaterThan(name === 'adjust-p-values.graphql' ? -1 : 0);
        expect(cost, name).toBeLessThanOrEqual(documentLimits.cost);
      }
    }
  });
});

/** Selections on a Node, at most four deep, some of them in fragments. */
const { selections } = fc.letrec<{ selections: string; selection: string }>((tie) => ({
  selections: fc.array(tie('selection'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' ')),
  selection: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant('id'),
    tie('selections').map((inner) => `one { ${inner} }`),
    tie('selections').map((inner) => `many(first: $n) { ${inner} }`),
    tie('selections').map((inner) => `many(first: 3) { ${inner} }`),
    tie('selections').map((inner) => `page(first: $n) { edges { node { ${inner} } } }`),
    tie('selections').map((inner) => `... on Node { ${inner} }`),
    fc.constantFrom('...Card', '...Shelf'),
  ),
}));
const fragments =
  'fragment Card on Node { id one { tags } } fragment Shelf on Node { ...Card page(first: $n) { ...Edges } } fragment Edges on Page { edges { node { ...Card } } }';
const variables = fc.record({ n: fc.integer({ min: 1, max: 100 }) });

describe('documentCost, for any document', () => {
  const document = (inner: string) => parse(`query($n: Int!) { node { ${inner} } } ${fragments}`);

  it('grows when a selection is added, and never past the bound of registration', () => {
    fc.assert(
      fc.property(selections, selections, variables, (inner, added, given) => {
        const before = documentCost(schema, document(inner), null, given);
        const after = documentCost(schema, document(`${inner} x: one { ${added} }`), null, given);
        expect(after).toBeGreaterThan(before);
        expect(documentCost(schema, document(inner), null, null)).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('is that of the document with its fragments inlined', () => {
    const bodies = new Map(
      parse(fragments).definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
      ),
    );
    const inlined = (node: ReturnType<typeof document>): ReturnType<typeof document> =>
      visit(node, {
        FragmentSpread: ({ name }): SelectionNode | undefined => {
          const fragment = bodies.get(name.value);
          return fragment === undefined
            ? undefined
            : {
                kind: Kind.INLINE_FRAGMENT,
                typeCondition: fragment.typeCondition,
                selectionSet: fragment.selectionSet,
              };
        },
      });
    fc.assert(
      fc.property(selections, variables, (inner, given) => {
        const spread = document(inner);
        // Three times, for fragments in fragments in fragments.
        const flat = inlined(inlined(inlined(spread)));
        expect(documentCost(schema, flat, null, given)).toBe(documentCost(schema, spread, null, given));
      }),
    );
  });
});
