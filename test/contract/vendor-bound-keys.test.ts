import { readFileSync } from 'node:fs';
import { getNamedType, isObjectType, isUnionType, type GraphQLNamedType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../platform/caller/caller.ts';
import type { Database } from '../../platform/database/database.ts';
import { supergraphFile } from '../../schema/compose.ts';
import { publicSchemaOf } from '../../schema/public-schema.ts';
import { databases } from '../support/databases.ts';
import { askSubgraph } from '../support/subgraph.ts';
import { selectAll } from './select-all.ts';
import { boundCallers, openTwoVendors, operator, trace, type TwoVendors } from './two-vendors.ts';

const schema = publicSchemaOf(readFileSync(supergraphFile, 'utf8'));

/** How each root field is asked for the rival's rows; `shows`: whether it shows them to a caller without a bound. */
const queries: Record<string, { readonly ask: readonly string[]; readonly shows: boolean }> = {
  content: { ask: ['(id: "rival-1")', '(id: "own-1")'], shows: true },
  contents: { ask: ['(ids: ["rival-1", "own-1"])'], shows: true },
  searchContent: {
    ask: ['(text: "atelier")', '(text: "rival")', '(text: "atelier", filter: { vendorIds: ["rival"] })'],
    shows: true,
  },
  trending: { ask: ['', '(filter: { vendorIds: ["rival"] })'], shows: true },
  vendor: { ask: ['(id: "rival")', '(id: "own")'], shows: true },
  categories: { ask: [''], shows: true },
  regions: { ask: [''], shows: true },
  contentChanges: { ask: [''], shows: true },
  feed: {
    ask: ['', '(filter: { vendorIds: ["rival"] })', '(filter: { vendorIds: ["rival", "own"] })'],
    shows: true,
  },
  me: { ask: [''], shows: true },
  user: { ask: ['(id: "ada")'], shows: true },
  editorialPicks: { ask: [''], shows: true },
  // Of no vendor.
  agents: { ask: [''], shows: false },
  exportUser: { ask: ['(id: "ada")'], shows: true },
  // Of no vendor.
  erasure: { ask: ['(requestId: "0b5e8f6a-6a55-4c1e-9a51-1c3f6a0c9f11")'], shows: false },
  experiments: { ask: [''], shows: false },
  experiment: { ask: ['(key: "none")'], shows: false },
  compareVariants: {
    ask: ['(input: { control: { n: 90, sum: 9 }, treatment: { n: 90, sum: 12 } })'],
    shows: false,
  },
  sampleSize: {
    ask: ['(input: { baselineMean: 1, baselineVariance: 1, usersPerWeek: 90, relativeEffect: 0.1 })'],
    shows: false,
  },
  sampleRatio: { ask: ['(observed: [1, 2], weights: [0.5, 0.5])'], shows: false },
  adjustPValues: { ask: ['(pValues: [0.5], method: HOLM)'], shows: false },
  systemHealth: { ask: [''], shows: false },
  businessMetrics: { ask: [''], shows: false },
};

const entry = (id: string, vendor: string): string =>
  `{ id: "${id}", vendorId: "${vendor}", title: "Taken", description: "", category: "venues", region: "FR", publishedAt: "2026-01-01T00:00:00Z" }`;
const saved = (id: string): string =>
  `{ id: "save-${id}", contentId: "${id}", type: SAVE, occurredAt: "2026-01-01T00:00:00Z" }`;

/** How each mutation tries to write the rival's rows. */
const mutations: Record<string, readonly string[]> = {
  upsertVendors: [
    '(input: [{ id: "rival", name: "Taken", region: "FR" }, { id: "newcomer", name: "New", region: "FR" }])',
  ],
  upsertContents: [
    `(input: [${entry('rival-1', 'rival')} ${entry('fresh', 'rival')} ${entry('own-1', 'rival')}])`,
    `(input: [${entry('rival-1', 'own')}])`,
  ],
  deleteContents: ['(ids: ["rival-1"])'],
  recordInteractions: [`(input: [${saved('rival-2')}])`],
  followVendor: ['(vendorId: "rival")', '(vendorId: "own")'],
  unfollowVendor: ['(vendorId: "rival")'],
  setEditorialPicks: ['(input: { contentIds: ["own-1"] })', '(input: { contentIds: [] })'],
  updateProfile: ['(input: { locale: "fr" })'],
  eraseUser: ['(id: "ada")'],
  // Of no vendor.
  refreshFeed: [''],
  linkAnonymous: ['(anonymousId: "6f1ab3c4-0d5e-4f7a-8b9c-0123456789ab")'],
  createExperiment: ['(input: { key: "k", name: "n", hypothesis: "h", variants: [], metrics: [] })'],
  startExperiment: ['(key: "k")'],
  stopExperiment: ['(key: "k", reason: "r")'],
  submitNps: ['(score: 9)'],
};

/** By subgraph and entity, the keys under which the rival's rows are asked for. */
const references: Record<string, readonly string[]> = {
  'content.Content': ['id: "rival-1"', 'id: "own-1"'],
  'content.Vendor': ['id: "rival"', 'id: "own"'],
  'feed.User': ['id: "ada"'],
  'feed.UserExport': ['userId: "ada"'],
  'metrics.UserExport': ['userId: "ada"'],
  'experiments.User': ['id: "ada"'],
  'experiments.Experiment': ['key: "none"'],
};

describe.each(databases)('a key that is bound to a vendor on $kind', ({ open }) => {
  let database: Database;
  let marketplace: TwoVendors;

  beforeAll(async () => {
    database = await open();
    marketplace = await openTwoVendors(database);
  });
  afterAll(async () => {
    await marketplace.close();
    await database.close();
  });

  function askField(kind: 'query' | 'mutation', name: string, args: string, caller: Caller): Promise<string> {
    const field = (kind === 'query' ? schema.getQueryType() : schema.getMutationType())?.getFields()[name];
    if (field === undefined) throw new Error(`There is no ${kind} ${name}.`);
    return marketplace.ask(`${kind} { ${name}${args} ${selectAll(getNamedType(field.type))} }`, caller);
  }

  it('has a case for every root field and entity of the schema', () => {
    expect(new Set(Object.keys(queries))).toEqual(
      new Set(Object.keys(schema.getQueryType()?.getFields() ?? {})),
    );
    expect(new Set(Object.keys(mutations))).toEqual(
      new Set(Object.keys(schema.getMutationType()?.getFields() ?? {})),
    );
    const entities = marketplace.subgraphs.flatMap((subgraph) => {
      const union = subgraph.schema.getType('_Entity');
      const types = isUnionType(union) ? union.getTypes() : [];
      return types.filter((type) => isResolvable(type)).map(({ name }) => `${subgraph.name}.${name}`);
    });
    expect(new Set(Object.keys(references))).toEqual(new Set(entities));
  });

  it.each(Object.entries(queries))('sees nothing of another vendor in %s', async (name, { ask, shows }) => {
    const unbound = await Promise.all(ask.map((args) => askField('query', name, args, operator)));
    expect(
      unbound.some((text) => trace.test(text)),
      'what a caller without a bound sees',
    ).toBe(shows);
    for (const [as, caller] of Object.entries(boundCallers)) {
      for (const args of ask) expect(await askField('query', name, args, caller), as).not.toMatch(trace);
    }
  });

  it.each(Object.entries(references))('sees nothing of another vendor in entity %s', async (name, keys) => {
    const [subgraphName, typeName = ''] = name.split('.');
    const subgraph = marketplace.subgraphs.find((each) => each.name === subgraphName);
    const type = subgraph?.schema.getType(typeName);
    if (subgraph === undefined || type === undefined) throw new Error(`There is no ${name}.`);
    const representations = keys.map((key) => `{ __typename: "${typeName}", ${key} }`).join(' ');
    const source = `{ _entities(representations: [${representations}]) { ... on ${typeName} ${selectAll(type)} } }`;
    for (const [as, caller] of Object.entries(boundCallers)) {
      const { data } = await askSubgraph(subgraph, source, { caller });
      expect(JSON.stringify(data), as).not.toMatch(trace);
    }
  });

  it('sees its own rows everywhere, and counts them alone', async () => {
    const source = `{
      content(id: "own-1") {
        category { contentCount } region { contentCount } similar { id } vendor { contents { totalCount } } }
      searchContent(text: "atelier") { totalCount edges { node { id } } }
      trending { id } categories { slug contentCount } contentChanges { contentId } editorialPicks { id }
      feed { edges { node { content { id } } } } }`;
    const ids = ['own-1', 'own-2', 'own-3'];
    for (const caller of Object.values(boundCallers)) {
      expect(JSON.parse(await marketplace.ask(source, caller))).toEqual({
        content: {
          category: { contentCount: 2 },
          region: { contentCount: 3 },
          similar: [{ id: 'own-2' }, { id: 'own-3' }],
          vendor: { contents: { totalCount: 3 } },
        },
        searchContent: { totalCount: 3, edges: ids.map((id) => ({ node: { id } })) },
        trending: ids.map((id) => ({ id })),
        categories: [
          { slug: 'own', contentCount: 1 },
          { slug: 'venues', contentCount: 2 },
        ],
        contentChanges: expect.arrayContaining(ids.map((contentId) => ({ contentId }))),
        editorialPicks: [{ id: 'own-1' }],
        feed: { edges: expect.arrayContaining(ids.map((id) => ({ node: { content: { id } } }))) },
      });
    }
    const me = await marketplace.ask('{ me { id following { id } } }', boundCallers['acting for a user']);
    expect(JSON.parse(me)).toEqual({ me: { id: 'ada', following: [{ id: 'own' }] } });
  });

  it('writes nothing of another vendor by any mutation', async () => {
    const everything = `{
      contents(ids: ["rival-1", "rival-2", "own-1", "fresh"]) { id title version vendor { id } }
      vendor(id: "rival") { name version } newcomer: vendor(id: "newcomer") { id } editorialPicks { id }
      me { following { id } } }`;
    const before = await marketplace.ask(everything, operator);
    for (const [as, caller] of Object.entries(boundCallers)) {
      for (const [name, tries] of Object.entries(mutations)) {
        for (const args of tries) {
          const text = await askField('mutation', name, args, caller);
          // A rejection says again what the caller has sent.
          expect(text.replaceAll(/"rejected":\[.*?\]/g, ''), `${name} ${as}`).not.toMatch(trace);
        }
      }
    }
    expect(await marketplace.ask(everything, operator)).toBe(before);
  });

  it('is told entry by entry what is not its own, and writes what is', async () => {
    const answer = await marketplace.ask(
      `mutation {
        upsertVendors(input: [
          { id: "own", name: "Own atelier anew", region: "FR" }, { id: "rival", name: "Taken", region: "FR" }
        ]) { vendors { name } rejected { id code } }
        upsertContents(input: [${entry('rival-1', 'own')} ${entry('own-9', 'own')}]) {
          contents { id } rejected { id code } }
        deleteContents(ids: ["own-9", "rival-2", "unknown"]) { deletedIds rejected { id code } }
        recordInteractions(input: [${saved('own-1')} ${saved('rival-2')}]) { accepted rejected { id code } } }`,
      boundCallers['acting for a user'],
    );
    expect(JSON.parse(answer)).toEqual({
      upsertVendors: {
        vendors: [{ name: 'Own atelier anew' }],
        rejected: [{ id: 'rival', code: 'FORBIDDEN' }],
      },
      upsertContents: { contents: [{ id: 'own-9' }], rejected: [{ id: 'rival-1', code: 'FORBIDDEN' }] },
      deleteContents: {
        deletedIds: ['own-9'],
        rejected: [
          { id: 'rival-2', code: 'FORBIDDEN' },
          { id: 'unknown', code: 'NOT_FOUND' },
        ],
      },
      recordInteractions: { accepted: 1, rejected: [{ id: 'save-rival-2', code: 'NOT_FOUND' }] },
    });
  });
});

/** Another subgraph's entity, of which this one knows the key alone, comes back as it was sent. */
function isResolvable(type: GraphQLNamedType): boolean {
  const sdl = isObjectType(type) ? (type.astNode?.directives ?? []) : [];
  return !sdl.some(({ arguments: given = [] }) =>
    given.some(({ name, value }) => name.value === 'resolvable' && 'value' in value && value.value === false),
  );
}
