import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databases } from '../../../test/support/databases.ts';
import type { Database } from '#platform/database/database.ts';
import { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import { exportUser } from './export-user.ts';
import { anonymousCaller, officer, openFeed, userCaller, type FeedUnderTest } from './test/open-feed.ts';

const query = `query ($id: ID!, $after: String) {
  exportUser(id: $id, after: $after) { userId generatedAt json } }`;
const answerSchema = z.object({ exportUser: z.object({ userId: z.string(), json: z.string() }) });
const partSchema = z.looseObject({
  follows: z.array(z.object({ vendorId: z.string() })).default([]),
  interactions: z.array(z.object({ id: z.string() })).default([]),
  slates: z.array(z.object({ feedId: z.string(), firstPosition: z.number() })).default([]),
  next: z.string().nullable(),
});

describe.each(databases)('exportUser on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  beforeAll(async () => {
    database = await open();
    feed = await openFeed(database);
    const ada = userCaller('ada');
    await feed.record(ada, ['b', 'a', 'c']);
    await feed.record(userCaller('bob'), ['bobs']);
    await feed.ask(
      `mutation { a: followVendor(vendorId: "v0") { following } b: followVendor(vendorId: "v1") { following }
        updateProfile(input: { region: "FR", locale: "fr" }) { user { id } } }`,
      ada,
    );
    await feed.ask('{ feed(first: 2) { edges { cursor } } }', ada);
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  it('has all that the feed keeps of a user, and nothing of others', async () => {
    const { data, codes } = await feed.ask(query, userCaller('ada'), { id: 'ada' });
    expect(codes).toEqual([]);
    const { json } = answerSchema.parse(data).exportUser;
    expect(JSON.parse(json)).toEqual({
      format: 'bouquet.feed.user-export/1',
      userId: 'ada',
      generatedAt: expect.any(String),
      profile: { region: 'FR', locale: 'fr', updatedAt: expect.any(String) },
      follows: ['v0', 'v1'].map((vendorId) => ({ vendorId, followedAt: expect.any(String) })),
      interactions: ['a', 'b', 'c'].map((id) => ({
        id,
        contentId: expect.stringMatching(/^c\d$/),
        vendorId: expect.stringMatching(/^v\d$/),
        type: 'SAVE',
        occurredAt: '2026-06-01T00:00:00.000Z',
        recordedAt: expect.any(String),
        feedId: null,
        position: null,
        dwellMs: null,
        segment: null,
        rewarded: false,
      })),
      slates: [
        {
          feedId: expect.any(String),
          firstPosition: 1,
          mode: 'MULTI_AGENT',
          segment: expect.stringContaining(':new'),
          policyVersion: null,
          servedAt: expect.any(String),
          items: [1, 2].map(() => ({
            contentId: expect.any(String),
            source: expect.any(String),
            score: expect.any(Number),
            propensity: null,
          })),
        },
      ],
      next: null,
    });
  });

  it.each([10, 11, 13, 15])(
    'comes in parts of at most %i rows without a gap or a repeat',
    async (partSize) => {
      const cursors = new CursorCodec([Buffer.alloc(32, 1).toString('base64')]);
      const slateLog = { flush: () => Promise.resolve() };
      const exporting = { database, cursors, slateLog, clock: () => new Date(), partSize };
      for (let index = 0; index < 12; index++) {
        await feed.record(userCaller(`many-${partSize}`), [`i${String(index).padStart(2, '0')}`]);
      }
      for (const page of [1, 2, 3]) {
        await database.prisma.feedSlate.create({
          data: {
            feedId: `00000000-0000-4000-8000-0000000000${partSize}`,
            firstPosition: page,
            subject: `many-${partSize}`,
            binding: 'x',
            mode: 'SIMPLE',
            servedAt: new Date(),
            contentIds: [],
            sources: [],
            scores: [],
          },
        });
      }
      const parts: z.infer<typeof partSchema>[] = [];
      let after: string | null = null;
      do {
        const part = await exportUser(exporting, `many-${partSize}`, after);
        const document = partSchema.parse(JSON.parse(part?.json ?? 'null'));
        expect(document.interactions.length + 10 * document.slates.length).toBeLessThanOrEqual(partSize);
        parts.push(document);
        after = document.next;
      } while (after !== null);
      expect(parts.flatMap(({ interactions }) => interactions).map(({ id }) => id)).toEqual(
        Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, '0')}`),
      );
      expect(parts.flatMap(({ slates }) => slates).map(({ firstPosition }) => firstPosition)).toEqual([
        1, 2, 3,
      ]);
      const foreign = cursors.sign('user-export', { userId: 'bob', section: 'slates', key: [] });
      await expect(exportUser(exporting, 'ada', foreign)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    },
  );

  it('is null for the unknown and the erased, and forbidden to others', async () => {
    expect((await feed.ask(query, officer, { id: 'nobody' })).data).toEqual({ exportUser: null });
    expect((await feed.ask(query, officer, { id: 'a\nb' })).data).toEqual({ exportUser: null });
    expect((await feed.ask(query, officer, { id: 'bob' })).data).toMatchObject({
      exportUser: { userId: 'bob' },
    });
    const denied = [userCaller('eve', ['dashboard']), anonymousCaller(null)];
    for (const caller of denied) {
      expect(await feed.ask(query, caller, { id: 'bob' })).toEqual({
        data: { exportUser: null },
        codes: ['FORBIDDEN'],
      });
    }
    await feed.ask('mutation { eraseUser(id: "bob") { requestId } }', userCaller('bob'));
    expect((await feed.ask(query, userCaller('bob'), { id: 'bob' })).data).toEqual({ exportUser: null });
  });
});
