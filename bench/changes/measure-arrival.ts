import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import type { GraphqlClient } from '../../test/e2e/graphql-client.ts';
import { retold, upsert } from './flow.ts';

const rounds = 60;

/** A region that the generated marketplace does not have, so that only a change can be found in it. */
const newRegion = 'ZZ';

/** Gives up on a change that has not arrived by then, in ms. */
const patienceMs = 30_000;

const anywhere = Float32Array.from({ length: 128 }, () => 1);

/** Milliseconds from the answer to a change, and to a removal, until `index` shows it. */
export async function measureArrival(
  client: GraphqlClient,
  index: VectorIndex,
): Promise<{ changes: number[]; removals: number[] }> {
  const changes: number[] = [];
  const removals: number[] = [];
  const isIn = async (id: string): Promise<boolean> => {
    const hits = await index.search({
      vector: anywhere,
      limit: 1,
      regions: [newRegion],
      categories: [],
      ids: [id],
    });
    return hits.length > 0;
  };
  const until = async (wanted: boolean, id: string): Promise<number> => {
    const start = performance.now();
    while ((await isIn(id)) !== wanted) {
      if (performance.now() - start > patienceMs) throw new Error(`${id} did not arrive.`);
      await sleep(2);
    }
    return performance.now() - start;
  };
  for (let round = 0; round < rounds; round++) {
    const id = `content-${10_001 + round}`;
    const [entry] = await retold(client, [10_001 + round]);
    await upsert(client, [{ ...entry, region: newRegion }]);
    changes.push(await until(true, id));
    await client.raw('mutation($ids: [ID!]!) { deleteContents(ids: $ids) { deletedIds } }', { ids: [id] });
    removals.push(await until(false, id));
  }
  return { changes, removals };
}
