import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphqlClient } from '../../test/e2e/graphql-client.ts';
import { benchUsers } from '../feed/fill-for-bench.ts';

const batchSize = 100;

/** An entry of the generated marketplace as it looks after change `round`. */
export function contentInput(number: number, round: number) {
  return {
    id: `content-${number}`,
    vendorId: `vendor-${(number % 100) + 1}`,
    title: `Changed for the ${round + 1}th time, number ${number}`,
    description: 'A changed description of an arrangement in the garden, for a celebration in spring.',
    category: 'floristry',
    region: 'US',
    tags: ['romantic', 'blush', 'spring'],
    publishedAt: '2026-06-01T12:00:00Z',
  };
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

/** Changes `count` entries at a steady rate, a batch at a time; tells when it is done. */
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
      await upsert(
        client,
        numbers.map((number) => contentInput(number, number)),
      );
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
