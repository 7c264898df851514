import { describe, expect, it } from 'vitest';
import { kebabCase, restRouteOf, restRoutesOf } from './rest-routes.ts';
import { documentOf, publicSchema } from './test/document-of.ts';

const route = (text: string) => restRouteOf(documentOf(text), publicSchema);

describe('restRouteOf', () => {
  it('makes a query a GET with a parameter for each scalar, list and field of an input object', () => {
    const { method, path, parameters, onlyKey } = route(
      'query FeedPage($first: Int! = 20, $filter: FeedFilter) { feed(first: $first, filter: $filter) { pageInfo { endCursor } } }',
    );
    expect([method, path, onlyKey]).toEqual(['GET', '/v1/feed-page', 'feed']);
    expect([...parameters.values()].map(({ name, form, required }) => [name, form, required])).toEqual([
      ['first', 'one', false],
      ['filter.categories', 'many', false],
      ['filter.regions', 'many', false],
      ['filter.tags', 'many', false],
      ['filter.vendorIds', 'many', false],
      ['filter.minQuality', 'one', false],
    ]);
    expect(parameters.get('first')).toMatchObject({
      defaultValue: 20,
      description: 'Edges of this page, 1 to 100.',
    });
  });

  it('has the only required id in the path, and not a text or one of two', () => {
    expect(
      route('query A($id: ID!, $n: Int! = 3) { content(id: $id) { similar(first: $n) { id } } }').path,
    ).toBe('/v1/a/{id}');
    expect(route('query B($text: String!) { searchContent(text: $text) { totalCount } }').path).toBe('/v1/b');
    expect(
      route('query C($a: ID!, $b: ID!) { x: content(id: $a) { id } y: content(id: $b) { id } }').path,
    ).toBe('/v1/c');
  });

  it('makes a mutation a POST without parameters', () => {
    const { method, path, parameters, pathVariable } = route(
      'mutation FollowVendor($vendorId: ID!) { followVendor(vendorId: $vendorId) { following } }',
    );
    expect([method, path, parameters.size, pathVariable]).toEqual(['POST', '/v1/follow-vendor', 0, null]);
  });

  it('takes the description from the comment above the operation, else from the root fields', () => {
    expect(route('# What is offered.\n# By slug.\nquery A { categories { slug } }').description).toBe(
      'What is offered.\nBy slug.',
    );
    expect(route('# The licence.\n\nquery A { me { id } }').description).toBe(
      'The signed-in caller; null for an anonymous one.',
    );
    expect(route('query A { me { id } regions { code } }').description).toBe(
      '- `me`: The signed-in caller; null for an anonymous one.\n- `regions`: Every region that has an entry, by code.',
    );
  });

  it('says what a variable decides over where it is no argument', () => {
    const { variables } = route(
      'query A($deep: Boolean! = true) { me { id @skip(if: $deep) region @include(if: $deep) } }',
    );
    expect(variables[0]?.description).toBe('Leaves out `id`.');
  });

  it('has one route for a name, the last', () => {
    const documents = ['query Me { me { id } }', 'query me { me { region } }'].map(documentOf);
    expect(restRoutesOf(documents, publicSchema).map(({ document }) => document)).toEqual([documents[1]]);
  });
});

it.each([
  ['FeedPage', 'feed-page'],
  ['HTMLPage2', 'html-page2'],
  ['submit_nps', 'submit-nps'],
  ['_me', 'me'],
])('kebabCase %s is %s', (name, kebab) => expect(kebabCase(name)).toBe(kebab));
