/** Documents that ask for too much, each in its own way. Shared by the suite and by a bench that measures bystanders. */
export interface HostileDocument {
  readonly attack: string;
  readonly query: string;
  readonly variables?: object;
  /** The code that refuses it. */
  readonly code: 'QUERY_TOO_COMPLEX' | 'GRAPHQL_VALIDATION_FAILED';
}

const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

function nested(depth: number): string {
  return `{ content(id: "a") ${'{ similar(first: 1) '.repeat(depth)}{ id }${' }'.repeat(depth)} }`;
}

/** Fragments that double at each level. */
function fragmentBomb(levels: number, spread: (next: string) => string): string {
  const fragments = times(
    levels,
    (level) => `fragment F${level} on Content { ${spread(`...F${level + 1}`)} }`,
  );
  return `{ content(id: "a") { ...F0 } } ${fragments} fragment F${levels} on Content { id }`;
}

const hundred = Array.from({ length: 100 }, (_, index) => `id-${index}`);

export const hostileDocuments: readonly HostileDocument[] = [
  { attack: 'depth', query: nested(40), code: 'QUERY_TOO_COMPLEX' },
  { attack: 'depth of 300', query: nested(110), code: 'QUERY_TOO_COMPLEX' },
  {
    attack: 'depth through fragments',
    query: fragmentBomb(12, (next) => `similar(first: 1) { ${next} }`),
    code: 'QUERY_TOO_COMPLEX',
  },
  { attack: 'root fields', query: `{ ${times(101, () => '__typename')} }`, code: 'QUERY_TOO_COMPLEX' },
  {
    attack: 'width',
    query: `{ content(id: "a") { ${'id title '.repeat(800)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'a document of 90 KB',
    query: `{ content(id: "a") { ${'id '.repeat(30_000)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'one field a thousand times',
    query: `{ content(id: "a") { ${'id '.repeat(980)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'aliases',
    query: `{ content(id: "a") { ${times(101, (i) => `a${i}: title`)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'aliases of __typename',
    query: `{ content(id: "a") { ${times(101, (i) => `a${i}: __typename`)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'aliases through a fragment',
    query: `{ content(id: "a") { ...A similar { ...A } vendor { contents { edges { node { ...A } } } } } }
      fragment A on Content { ${times(6, (i) => `a${i}: title`)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'an alias that hides a field from caches',
    query: '{ __x: content(id: "a") { id } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'directives',
    query: `{ content(id: "a") { ${times(11, () => 'id @include(if: true)')} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'unknown directives',
    query: `{ content(id: "a") { id ${'@aa'.repeat(300)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'a fragment that spreads itself',
    query: '{ content(id: "a") { ...A } } fragment A on Content { similar { ...A } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    attack: 'fragments that spread one another',
    query:
      '{ content(id: "a") { ...A } } fragment A on Content { ...B } fragment B on Content { ...C } fragment C on Content { ...A }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    attack: 'a bomb of 2^30 fragments',
    query: fragmentBomb(30, (next) => `${next} ${next} a: title`),
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'a bomb of 2^60 fragments without aliases',
    query: fragmentBomb(
      60,
      (next) => `${next} vendor { contents(first: 1) { edges { node { id } } } } ${next}`,
    ),
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'lists in lists',
    query:
      '{ trending(first: 100) { similar(first: 100) { vendor { contents(first: 100) { edges { node { id } } } } } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'ids times pages',
    query:
      'query($ids: [ID!]!) { contents(ids: $ids) { vendor { contents(first: 100) { edges { node { id } } } } } }',
    variables: { ids: hundred },
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'a cost that a variable drives',
    query:
      'query($n: Int!) { trending(first: $n) { similar(first: $n) { vendor { contents(first: $n) { totalCount } } } } }',
    variables: { n: 100 },
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    attack: 'a cost that a default drives',
    query: 'query($n: Int! = 2147483647) { trending(first: $n) { id vendor { id } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
];

const scalars = [
  'id',
  'title',
  'description',
  'tags',
  'imageUrl',
  'publishedAt',
  'updatedAt',
  'version',
  'quality',
];

/** Fields of one name, which are compared with one another. */
export const duplicatedFields = `{ content(id: "a") { ${times(400, (i) => scalars[i % scalars.length] ?? '')} no } }`;

/**
 * As expensive to validate as the limits let a document be: of 1,000 tokens, and with as many errors as are told. Another one
 * for each `index`, or the verdict would be remembered.
 */
export function slowDocument(index: number): string {
  return `query Q${index}(${times(246, (i) => `$v${i}: ID`)}) { content(id: "a") { no } }`;
}
