import type { Database } from '#platform/database/database.ts';
import type { CatalogueFacts } from '../../pipeline/component.ts';
import type { Choices } from '../choices.ts';
import { toTraits } from '../item-traits.ts';
import { NeighbourModel } from '../neighbour-model.ts';
import { neighboursInThread } from '../neighbours-task.ts';
import { readVectors } from '../read-vectors.ts';
import { deepParameters } from '../train-item-neighbours.ts';
import { vectorParameters } from '../train-item-vectors.ts';
import { combineFeatures, featuresOf, nameFeatures } from '../vector-feature-store.ts';
import { vectorsInThread } from '../vectors-task.ts';
import type { ForecastWorld } from './forecast-world.ts';
import { readCatalogue } from './read-catalogue.ts';
import { readPastRecords, type IsPast } from './past-records.ts';

/** Popular items among the candidates of a personal feed. */
const popularCount = 60;

interface PastOptions {
  readonly isPast: IsPast;
  readonly threads: number;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Models learned from the past alone, in worker threads and in memory: what is to be forecast is in the served ones, which
 * would therefore seem to tell more of it than they do of anything new. Vectors of texts know nothing of choices and are
 * taken as they are served.
 */
export async function learnPastWorld(
  database: Database,
  { isPast, threads, onProgress, signal }: PastOptions,
): Promise<ForecastWorld> {
  const catalogue = await readCatalogue(database, signal);
  const known = new Set(catalogue.keys());
  const { choices, popularity } = await readPastRecords(database, { known, isPast, signal });
  const { names, ...traits } = toTraits(
    choices.ids.map((id) => {
      const facts = catalogue.get(id);
      return { vendor: facts?.vendorId ?? '', tags: facts?.tags ?? [] };
    }),
  );
  onProgress(0.1);
  const hasChoices = choices.ids.length > 0;
  const neighbours = hasChoices
    ? await neighboursInThread(
        choices.matrix,
        { kind: 'deep', traits, parameters: deepParameters, threads },
        { onProgress: (share) => onProgress(0.1 + 0.6 * share), signal },
      )
    : null;
  const served = await database.prisma.feedModelVersion.findUnique({ where: { name: 'item-vectors' } });
  const vectors =
    served?.method === 'text' || !hasChoices
      ? await readVectors(database, served?.version ?? 0, signal)
      : await learnVectors(choices, { names, ...traits }, catalogue, {
          onProgress: (share) => onProgress(0.7 + 0.3 * share),
          signal,
        });
  onProgress(1);
  const idf = new Map(names.tags.map((tag, place) => [tag, traits.idf[place] ?? 0]));
  const rarest = traits.idf.reduce((most, value) => Math.max(most, value), 1);
  const vendors = Array.from(traits.vendors, (vendor) => names.vendors[vendor] ?? '');
  const facts = withPopularity(catalogue, popularity);
  return {
    neighbours: neighbours === null ? null : NeighbourModel.of(choices.ids, vendors, neighbours),
    tagWeight: (tag) => idf.get(tag) ?? rarest,
    vectorOf: (id) => vectors.get(id) ?? null,
    factsOf: (id) => facts.get(id) ?? null,
    ids: [...facts.keys()],
    popular: [...popularity]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, popularCount)
      .map(([id]) => id),
  };
}

async function learnVectors(
  { matrix, ids }: Choices,
  { names, ...traits }: ReturnType<typeof toTraits>,
  catalogue: ReadonlyMap<string, CatalogueFacts>,
  options: Pick<PastOptions, 'onProgress' | 'signal'>,
): Promise<Map<string, Float32Array>> {
  const { items, features } = await vectorsInThread(
    { choices: matrix, traits, ...vectorParameters },
    options,
  );
  const { dimensions, values } = items;
  const vectors = new Map<string, Float32Array>(
    ids.map((id, place) => [id, values.subarray(place * dimensions, (place + 1) * dimensions)]),
  );
  const known = nameFeatures(names, features);
  for (const [id, facts] of catalogue) {
    if (vectors.get(id)?.some((value) => value !== 0) === true) continue;
    const vector = combineFeatures(known, featuresOf(facts));
    if (vector === null) vectors.delete(id);
    else vectors.set(id, vector);
  }
  return vectors;
}

/** As `refreshVendorPopularity` stores it, so that few items of a vendor prove little. */
const pseudoItems = 5;

function withPopularity(
  catalogue: ReadonlyMap<string, CatalogueFacts>,
  popularity: ReadonlyMap<string, number>,
): Map<string, CatalogueFacts> {
  const most = Math.max(...popularity.values());
  const weights = new Map([...popularity].map(([id, log2]) => [id, 2 ** (log2 - most)]));
  const average = [...weights.values()].reduce((sum, weight) => sum + weight, 0) / weights.size;
  const vendors = new Map<string, { sum: number; count: number }>();
  for (const [id, weight] of weights) {
    const vendorId = catalogue.get(id)?.vendorId ?? '';
    const { sum, count } = vendors.get(vendorId) ?? { sum: 0, count: 0 };
    vendors.set(vendorId, { sum: sum + weight, count: count + 1 });
  }
  const ofVendor = (vendorId: string): number | null => {
    if (weights.size === 0) return null;
    const { sum, count } = vendors.get(vendorId) ?? { sum: 0, count: 0 };
    return most + Math.log2((sum + pseudoItems * average) / (count + pseudoItems));
  };
  return new Map(
    [...catalogue].map(([id, facts]) => [
      id,
      {
        ...facts,
        log2Popularity: popularity.get(id) ?? null,
        vendorLog2Popularity: ofVendor(facts.vendorId),
      },
    ]),
  );
}
