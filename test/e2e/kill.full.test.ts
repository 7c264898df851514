import { describe, expect, it } from 'vitest';
import { fillMarketplace } from './fixture.ts';
import { GraphqlClient } from './graphql-client.ts';
import { ownChildren } from './own-children.ts';

const calls = 1_000;
const eitherWay = [
  { accepted: 0, duplicates: 1 },
  { accepted: 1, duplicates: 0 },
];
const record =
  'mutation($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted duplicates } }';

/** Sends call `index`; returns what was acknowledged, or null where no answer came. */
const send = async (
  client: GraphqlClient,
  index: number,
): Promise<{ accepted: number; duplicates: number } | null> => {
  const input = [
    {
      id: `call-${index}`,
      contentId: `content-GB-${index % 10}`,
      type: 'SAVE',
      occurredAt: '2026-10-01T12:00:00Z',
    },
  ];
  try {
    const { data } = await client.raw(record, { input }, { user: `user-${index % 20}` });
    const [, accepted, duplicates] = /"accepted":(\d+),"duplicates":(\d+)/.exec(JSON.stringify(data)) ?? [];
    return accepted === undefined ? null : { accepted: Number(accepted), duplicates: Number(duplicates) };
  } catch {
    return null;
  }
};

describe('kill -9 in the middle of 1,000 recordInteractions', () => {
  const { newFolder, start } = ownChildren();

  it('loses nothing that was acknowledged and stores nothing twice', async () => {
    const folder = newFolder();
    const server = await start({ DATA_DIR: folder });
    const client = new GraphqlClient(server.url);
    await fillMarketplace(client, 10);
    const acknowledged = new Set<number>();
    let next = 0;
    const sendAll = async (): Promise<void> => {
      while (next < calls) {
        const index = next++;
        const answer = await send(client, index);
        if (answer !== null) acknowledged.add(index);
        if (acknowledged.size === calls / 2) server.process.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 20 }, sendAll));
    expect(await server.ended).toBe('SIGKILL');
    expect(acknowledged.size).toBeGreaterThanOrEqual(calls / 2);
    expect(acknowledged.size).toBeLessThan(calls);

    const again = new GraphqlClient((await start({ DATA_DIR: folder })).url);
    let stored = 0;
    for (let from = 0; from < calls; from += 20) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, offset) => send(again, from + offset)),
      );
      for (const [offset, answer] of answers.entries()) {
        const known = acknowledged.has(from + offset);
        // A call in flight when the process died may have been stored or not.
        expect(known ? [{ accepted: 0, duplicates: 1 }] : eitherWay).toContainEqual(answer);
        stored += answer?.accepted ?? 0;
      }
    }
    expect(stored).toBeLessThanOrEqual(calls - acknowledged.size);
    await expect
      .poll(
        async () =>
          JSON.stringify(
            (await again.raw('{ contents(ids: ["content-GB-0", "content-GB-9"]) { stats { saves } } }')).data,
          ),
        { timeout: 20_000 },
      )
      .toBe('{"contents":[{"stats":{"saves":100}},{"stats":{"saves":100}}]}');
  }, 120_000);
});
