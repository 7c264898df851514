import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../../test/support/databases.ts';
import type { Database } from '#platform/database/database.ts';
import { anonymousCaller, openFeed, userCaller, type FeedUnderTest } from './test/open-feed.ts';

const link = 'mutation ($id: ID!) { linkAnonymous(anonymousId: $id) { linkedInteractions } }';

describe.each(databases)('linkAnonymous on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  beforeAll(async () => {
    database = await open();
    feed = await openFeed(database);
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const linked = async (userId: string, id: string): Promise<unknown> => {
    const { data, codes } = await feed.ask(link, userCaller(userId), { id });
    return codes[0] ?? data?.['linkAnonymous'];
  };
  const idsOf = async (userId: string): Promise<string[]> =>
    (await database.prisma.feedInteraction.findMany({ where: { userId }, orderBy: { id: 'asc' } })).map(
      ({ id }) => id,
    );

  it('moves the whole history, keeps what the user has, and moves what has come since', async () => {
    const id = randomUUID();
    const [visitor, ada] = [anonymousCaller(id), userCaller('ada')];
    await feed.record(visitor, ['a', 'both']);
    await feed.record(ada, ['both', 'own'], 'LIKE');
    const about = `mutation { updateProfile(input: { region: "FR" }) { user { id } }
      follow0: followVendor(vendorId: "v0") { following } follow1: followVendor(vendorId: "v1") { following } }`;
    await feed.ask(about, visitor);
    await feed.ask('mutation { followVendor(vendorId: "v1") { following } }', ada);
    await feed.ask('{ feed(first: 3) { edges { cursor } } }', visitor);

    expect(await linked('ada', id.toUpperCase())).toEqual({ linkedInteractions: 1 });
    expect(await idsOf('ada')).toEqual(['a', 'both', 'own']);
    const both = await database.prisma.feedInteraction.findFirst({ where: { userId: 'ada', id: 'both' } });
    expect(both?.type).toBe('LIKE');
    const { data } = await feed.ask('{ me { region following { id } } }', ada);
    expect(data).toMatchObject({ me: { region: 'FR', following: [{}, {}] } });
    expect(await database.prisma.feedSlate.count({ where: { subject: 'ada' } })).toBe(1);
    const left = await Promise.all([
      database.prisma.feedInteraction.count({ where: { userId: `anonymous:${id}` } }),
      database.prisma.feedFollow.count({ where: { userId: `anonymous:${id}` } }),
      database.prisma.feedProfile.count({ where: { subject: `anonymous:${id}` } }),
      database.prisma.feedSlate.count({ where: { subject: `anonymous:${id}` } }),
    ]);
    expect(left).toEqual([0, 0, 0, 0]);

    expect(await linked('ada', id)).toEqual({ linkedInteractions: 0 });
    await feed.record(visitor, ['later']);
    await feed.ask('mutation { updateProfile(input: { region: "GB" }) { user { id } } }', visitor);
    expect(await linked('ada', id)).toEqual({ linkedInteractions: 1 });
    const after = await feed.ask('{ me { region } }', ada);
    expect(after.data).toEqual({ me: { region: 'FR' } });
    expect(await linked('bob', id)).toBe('CONFLICT');
  });

  it('keeps who linked without either id', async () => {
    const id = randomUUID();
    await linked('carla-unmistakable', id);
    const rows = JSON.stringify(await database.prisma.feedAnonymousLink.findMany());
    expect(rows).not.toContain(id);
    expect(rows).not.toContain('carla');
  });

  it('needs a signed-in caller and a UUID', async () => {
    const { codes } = await feed.ask(link, anonymousCaller(randomUUID()), { id: randomUUID() });
    expect(codes).toEqual(['UNAUTHENTICATED']);
    for (const id of ['', 'x', `${randomUUID()}0`, `anonymous:${randomUUID()}`]) {
      expect(await linked('ada', id)).toBe('BAD_USER_INPUT');
    }
  });

  it('gives a history to one user of several who ask at once, and to each of one user once', async () => {
    const id = randomUUID();
    await feed.record(anonymousCaller(id), ['1', '2', '3']);
    const answers = await Promise.all(['eve', 'fay', 'gil'].map((userId) => linked(userId, id)));
    expect(answers.filter((answer) => answer === 'CONFLICT')).toHaveLength(2);
    expect(answers).toContainEqual({ linkedInteractions: 3 });
    const other = randomUUID();
    await feed.record(anonymousCaller(other), ['1', '2']);
    const repeated = await Promise.all(['hal', 'hal', 'hal'].map((userId) => linked(userId, other)));
    expect(repeated).toContainEqual({ linkedInteractions: 2 });
    expect(repeated.filter((answer) => JSON.stringify(answer).includes('0'))).toHaveLength(2);
    expect(await idsOf('hal')).toEqual(['1', '2']);
  });

  it('loses nothing of what is recorded meanwhile', async () => {
    const id = randomUUID();
    const ids = Array.from({ length: 24 }, (_, index) => `m${String(index).padStart(2, '0')}`);
    let moved = 0;
    const note = async (): Promise<void> => {
      const answer = await linked('ivy', id);
      if (typeof answer === 'object' && answer !== null)
        moved += Number(Reflect.get(answer, 'linkedInteractions'));
    };
    await Promise.all(
      ids.map(async (each, index) => {
        await feed.record(anonymousCaller(id), [each]);
        if (index % 6 === 0) await note();
      }),
    );
    await note();
    expect(await idsOf('ivy')).toEqual(ids);
    expect(moved).toBe(ids.length);
  });
});
