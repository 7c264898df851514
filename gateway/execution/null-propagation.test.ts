import fc from 'fast-check';
import { buildSchema, execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { propagateNulls, shapeOf } from './null-propagation.ts';

const schema = buildSchema(`
  type Query { feed: Feed root: Int! }
  type Feed { edges: [Edge!]! title: String }
  type Edge { cursor: String! node: Item }
  type Item { content: Content! score: Float! }
  type Content { id: ID! title: String! tags: [String!] vendor: Vendor }
  type Vendor { name: String! }
`);

function complete(query: string, data: unknown, variables: Record<string, unknown> = {}): unknown {
  const shape = shapeOf(schema, parse(query), null);
  if (shape === null) throw new Error('no operation');
  return propagateNulls(shape, structuredClone(data), variables);
}

const cards =
  '{ feed { edges { cursor node { score content { id ...Card } } } } } fragment Card on Content { title }';
const edge = (content: unknown): unknown => ({ cursor: 'c', node: { score: 1, content } });

describe('propagateNulls', () => {
  it('costs one edge where an entity is gone, however the planner left it', () => {
    const kept = edge({ id: '1', title: 'a' });
    for (const gone of [null, {}, { id: '2' }, { id: '2', title: null }]) {
      const data = { feed: { edges: [kept, edge(gone)] } };
      expect(complete(cards, data)).toEqual({ feed: { edges: [kept, { cursor: 'c', node: null }] } });
    }
  });

  it('leaves a whole answer as it is', () => {
    const data = { feed: { edges: [edge({ id: '1', title: 'a' })] } };
    expect(complete(cards, data)).toEqual(data);
  });

  it('empties the nearest nullable parent, up to the whole answer', () => {
    expect(complete('{ feed { edges { cursor } } }', { feed: { edges: [{ cursor: null }] } })).toEqual({
      feed: null,
    });
    expect(complete('{ root }', { root: null })).toBeNull();
    expect(complete('{ feed { title edges { cursor } } }', { feed: { edges: [] } })).toEqual({
      feed: { title: null, edges: [] },
    });
  });

  it('does not miss what @skip and @include leave out', () => {
    const query =
      'query($all: Boolean!) { feed { title @skip(if: true) edges @include(if: $all) { cursor } } }';
    expect(complete(query, { feed: {} }, { all: false })).toEqual({ feed: {} });
    expect(complete(query, { feed: {} }, { all: true })).toEqual({ feed: null });
    const twice = 'query($all: Boolean!) { feed { edges @include(if: $all) { cursor } edges { cursor } } }';
    expect(complete(twice, { feed: {} }, { all: false })).toEqual({ feed: null });
  });

  it('agrees with the reference executor on any data', () => {
    const content = fc.option(
      fc.record({
        id: fc.option(fc.string()),
        title: fc.option(fc.string()),
        tags: fc.option(fc.array(fc.option(fc.string()), { maxLength: 3 })),
        vendor: fc.option(fc.record({ name: fc.option(fc.string()) })),
      }),
    );
    const node = fc.option(fc.record({ score: fc.option(fc.integer()), content }));
    const edges = fc.option(
      fc.array(fc.option(fc.record({ cursor: fc.option(fc.string()), node })), { maxLength: 4 }),
    );
    const query =
      '{ feed { title edges { cursor node { score content { id title tags vendor { name } } } } } }';
    const document = parse(query);
    fc.assert(
      fc.property(fc.option(fc.record({ title: fc.option(fc.string()), edges })), (feed) => {
        const reference = execute({ schema, document, rootValue: { feed } });
        if (reference instanceof Promise) throw new Error('expected a synchronous answer');
        expect(complete(query, { feed })).toEqual(JSON.parse(JSON.stringify(reference.data)));
      }),
    );
  });
});
