import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { GraphqlClient } from '../../test/e2e/graphql-client.ts';
import { benchUsers } from '../feed/fill-for-bench.ts';

const batchSize = 100;

const entriesAnswer = z.object({
  contents: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      tags: z.array(z.string()),
      publishedAt: z.string(),
      category: z.object({ slug: z.string() }),
      region: z.object({ code: z.string() }),
      vendor: z.object({ id: z.string() }),
    }),
  ),
});

/** Reads entries of the generated marketplace as they are, and gives them other titles and descriptions. */
export async function retold(client: GraphqlClient, numbers: readonly number[]) {
  const { data } = await client.raw(
    `query($ids: [ID!]!) { contents(ids: $ids) {
      id title description tags publishedAt category { slug } region { code } vendor { id } } }`,
    { ids: numbers.map((number) => `content-${number}`) },
  );
  return entriesAnswer.parse(data).contents.map(({ category, region, vendor, ...entry }) => ({
    ...entry,
    title: `${entry.title}, retold`,
    description: `${entry.description} Told anew.`,
    category: category.slug,
    region: region.code,
    vendorId: vendor.id,
  }));
}

/** Writes entries through the API. */
export async function upsert(client: GraphqlClient, input: readonly object[]): Promise<void> {
  const { data, errors } = await client.raw(
    'mutation($input: [ContentInput!]!) { upsertContents(input: $input) { rejected { id code message } } }',
    { input },
  );
  if (errors.length > 0 || JSON.stringify(data).includes('"code"')) {
    throw new Error(JSON.stringify(errors.length > 0 ? errors : data));
  }
}

/** Retells `count` entries at a steady rate, a batch at a time; tells when it is done. */
export function changeAll(
  client: GraphqlClient,
  count: number,
  { perSecond }: { perSecond: number },
): { readonly count: number; readonly finished: Promise<void>; done(): boolean } {
  let isDone = false;
  const run = async (): Promise<void> => {
    const start = performance.now();
    for (let from = 1; from <= count; from += batchSize) {
      const numbers = Array.from(
        { length: Math.min(batchSize, count - from + 1) },
        (_, index) => from + index,
      );
      await upsert(client, await retold(client, numbers));
      await sleep(Math.max(0, start + ((from - 1 + batchSize) / perSecond) * 1000 - performance.now()));
    }
  };
  const finished = run().finally(() => {
    isDone = true;
  });
  return { count, finished, done: () => isDone };
}

/** Milliseconds of `count` uncached feeds, one after the other. */
export async function feedTimes(client: GraphqlClient, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const user = `user-${(index % benchUsers) + 1}`;
    await client.raw('mutation { refreshFeed { discarded } }', {}, { user });
    const start = performance.now();
    await client.raw('{ feed(first: 20) { edges { node { content { id title } } } } }', {}, { user });
    times.push(performance.now() - start);
  }
  return times;
}
