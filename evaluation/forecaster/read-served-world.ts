import type { Database } from '#platform/database/database.ts';
import { catalogueHydrator } from '../../subgraphs/feed/hydrators/catalogue-hydrator.ts';
import type { ForecastWorld } from '../../subgraphs/feed/learning/forecaster/forecast-world.ts';
import { servedVersion } from '../../subgraphs/feed/learning/model-version.ts';
import { readVectors } from '../../subgraphs/feed/learning/read-vectors.ts';
import type { ModelShelf } from '../../subgraphs/feed/learning/served-models.ts';
import { candidate } from '../../subgraphs/feed/pipeline/component.ts';
import { queryOf, unhurriedMs } from '../stack/open-stack.ts';

/** Popular items among the candidates of a personal feed. */
const popularCount = 60;

/** What a server would know: the served models, and the catalogue as its hydrator reads it. */
export async function readServedWorld(database: Database, models: ModelShelf): Promise<ForecastWorld> {
  const contents = await database.prisma.feedContent.findMany({
    where: { removedAt: null },
    select: { id: true },
  });
  const candidates = contents.map(({ id }) => candidate(id, 'COLLABORATIVE'));
  await catalogueHydrator(database, { deadlineMs: unhurriedMs }).hydrate(queryOf(null), candidates);
  const facts = new Map(candidates.map(({ id, facts: own }) => [id, own]));
  const version = await servedVersion(database.prisma, 'item-vectors');
  const vectors = await readVectors(database, version, undefined);
  const popularityOf = (id: string): number => facts.get(id)?.log2Popularity ?? -Infinity;
  const ids = candidates.map(({ id }) => id);
  return {
    neighbours: models.neighbours,
    tagWeight: (tag) => models.tagWeight(tag),
    vectorOf: (id) => vectors.get(id) ?? null,
    factsOf: (id) => facts.get(id) ?? null,
    ids,
    popular: ids.toSorted((a, b) => popularityOf(b) - popularityOf(a)).slice(0, popularCount),
  };
}
