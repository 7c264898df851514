import { z } from 'zod';
import type { RegisteredDocument } from '../../gateway/documents/registered-document.ts';
import { noDocuments } from '../../gateway/documents/test/no-documents.ts';
import { createGateway } from '../../gateway/execution/gateway-runtime.ts';
import { scopes, type Caller } from '../../platform/caller/caller.ts';
import type { Database } from '../../platform/database/database.ts';
import { drainConsumer } from '../../platform/events/once-consumer.ts';
import type { Subgraph } from '../../platform/graphql/subgraph.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createContentSubgraph } from '../../subgraphs/content/index.ts';
import { createExperimentsSubgraph } from '../../subgraphs/experiments/index.ts';
import { createFeedSubgraph } from '../../subgraphs/feed/index.ts';
import { createMetricsSubgraph } from '../../subgraphs/metrics/index.ts';
import { platformOn } from '../support/subgraph.ts';

/** Every text of the other vendor's rows says "rival", and its own region is GB. */
export const trace = /rival|"GB"/;

const traits = { scopes: new Set(scopes), region: null, locale: null };
const boundKey = { id: 'k1', vendorId: 'own' };

/** The user Ada with every scope and no bound. */
export const operator: Caller = { kind: 'user', userId: 'ada', key: null, ...traits };

/** A key with every scope that is bound to vendor `own`, for itself and acting for Ada. */
export const boundCallers = {
  'for itself': { kind: 'key', key: boundKey, ...traits },
  'acting for a user': { kind: 'user', userId: 'ada', key: boundKey, ...traits },
} as const satisfies Record<string, Caller>;

/** A marketplace of two vendors, `own` and `rival`, that Ada both follows, behind a gateway. */
export interface TwoVendors {
  readonly subgraphs: readonly Subgraph[];
  /** The answer's data as text. */
  ask(query: string, caller: Caller): Promise<string>;
  close(): Promise<void>;
}

/** Stands for a persisted document, because the selection of everything is more than a free query may ask for. */
const unlimited: RegisteredDocument = {
  id: '0'.repeat(64),
  name: 'Everything',
  text: '',
  description: null,
  kind: 'query',
  cost: 0,
  maxAgeMs: 0,
  scope: 'PRIVATE',
  partner: true,
};

const answerSchema = z.object({ data: z.unknown().optional() });

/** Fills `database` with the two vendors, three entries each. */
export async function openTwoVendors(database: Database): Promise<TwoVendors> {
  const platform = platformOn(database);
  const subgraphs = [
    createContentSubgraph(platform),
    createExperimentsSubgraph(platform),
    createFeedSubgraph(platform),
    createMetricsSubgraph(platform),
  ];
  const gateway = createGateway({
    places: new Map(subgraphs.map((subgraph) => [subgraph.name, { kind: 'in-process', subgraph }])),
    freeQueries: { mode: 'known', development: true },
    documents: noDocuments,
    logger: createLogger('silent'),
  });
  const ask = async (query: string, caller: Caller): Promise<string> => {
    const response = await gateway.fetch(
      'http://gateway/graphql',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) },
      { bouquet: { caller, requestId: 'test', failed: false, document: unlimited, bodyBytes: 0 } },
    );
    return JSON.stringify(answerSchema.parse(await response.json()).data ?? null);
  };
  const drain = async (): Promise<void> => {
    for (const consumer of subgraphs.flatMap(({ consumers }) => consumers)) {
      await drainConsumer(database, consumer);
    }
  };
  const entries = ['own', 'rival'].flatMap((vendor) => [1, 2, 3].map((index) => entryOf(vendor, index)));
  await ask(
    `mutation {
      upsertVendors(input: [
        { id: "own", name: "Own atelier", region: "FR" }, { id: "rival", name: "Atelier rival", region: "FR" }
      ]) { rejected { id } }
      upsertContents(input: [${entries.join(' ')}]) { rejected { id } } }`,
    operator,
  );
  await drain();
  await ask(
    `mutation {
      own: followVendor(vendorId: "own") { following }
      rival: followVendor(vendorId: "rival") { following }
      setEditorialPicks(input: { contentIds: ["rival-1", "own-1"] }) { picks { id } }
      recordInteractions(input: [
        { id: "1", contentId: "rival-3", type: INQUIRY, occurredAt: "2026-01-01T00:00:00Z" }
      ]) { accepted } }`,
    operator,
  );
  await drain();
  return {
    subgraphs,
    ask,
    close: async () => {
      await gateway[Symbol.asyncDispose]();
    },
  };
}

/** The third entry stands in a category, and of the rival in a region, that the other vendor has not. */
function entryOf(vendor: string, index: number): string {
  return `{
    id: "${vendor}-${index}", vendorId: "${vendor}", title: "${vendor} ${index}", description: "By ${vendor}.",
    category: "${index === 3 ? vendor : 'venues'}", region: "${vendor === 'rival' && index === 3 ? 'GB' : 'FR'}",
    tags: ["garden"], publishedAt: "2026-01-01T00:00:00Z" }`;
}
