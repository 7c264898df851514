import { createLogger } from '#platform/logging/logger.ts';
import { openDatabase, type Database } from '#platform/database/database.ts';
import type { Caller } from '#platform/caller/caller.ts';
import type { ScoringAgent, ScoringBatch } from '../../subgraphs/feed/agents/scoring-agent.ts';
import { createFeedSubgraph } from '../../subgraphs/feed/index.ts';
import { askSubgraph, platformOn } from '../../test/support/subgraph.ts';

/** What agents were asked for feeds, and the agents, to be asked again. */
export interface RecordedTraffic {
  readonly database: Database;
  readonly locals: readonly ScoringAgent[];
  /** One for each feed. */
  readonly batches: readonly Omit<ScoringBatch, 'signal'>[];
  close(): Promise<void>;
}

/** User segments into which the readers of feeds are spread where all of them are of one. */
const spread = 32;

/** All agents that a language model can score for. */
export const modelledNames = ['discovery', 'quality', 'archivist', 'serendipity'];

/** Ranks a feed for each of the users 1 to `feeds` of the marketplace in `dataDir`, with local agents, and records that. */
export async function recordTraffic(dataDir: string, feeds: number): Promise<RecordedTraffic> {
  const logger = createLogger('error');
  const database = await openDatabase(
    { DATABASE_URL: undefined, DATABASE_POOL_SIZE: 4, DATA_DIR: dataDir },
    { logger },
  );
  const locals: ScoringAgent[] = [];
  const batches: Omit<ScoringBatch, 'signal'>[] = [];
  const subgraph = createFeedSubgraph(platformOn(database), {
    wrapAgent: (agent) => {
      if (!modelledNames.includes(agent.name)) return agent;
      locals.push(agent);
      if (agent.name !== 'discovery') return agent;
      return {
        ...agent,
        score: (batch) => {
          batches.push({ query: batch.query, candidates: batch.candidates });
          return agent.score(batch);
        },
      };
    },
  });
  await subgraph.start();
  for (let index = 1; index <= feeds; index++) {
    const caller: Caller = {
      kind: 'user',
      userId: `user-${index}`,
      region: null,
      locale: null,
      key: null,
      scopes: new Set(),
    };
    await askSubgraph(subgraph, '{ feed(first: 20) { ranking { mode } } }', { caller });
  }
  await subgraph.stop();
  const segments = new Set(batches.map(({ query }) => query.segment));
  return {
    database,
    locals,
    batches: segments.size > 1 ? batches : batches.map(inSegment),
    close: () => database.close(),
  };
}

function inSegment(
  { query, candidates }: Omit<ScoringBatch, 'signal'>,
  index: number,
): Omit<ScoringBatch, 'signal'> {
  return { query: { ...query, segment: `*:${index % spread}` }, candidates };
}
