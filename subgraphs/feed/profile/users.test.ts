import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { entry, publish } from '../test/catalogue.ts';
import { openFeed, strangerOf, updateProfile, userOf, type FeedUnderTest } from '../test/open-feed.ts';

const follow = 'mutation ($id: ID!) { followVendor(vendorId: $id) { vendor { id } following } }';
const unfollow = 'mutation ($id: ID!) { unfollowVendor(vendorId: $id) { vendor { id } following } }';
const me = 'query ($first: Int! = 100) { me { id region locale following(first: $first) { id } } }';
const operator = userOf('operator', { scopes: ['dashboard'] });

describe.each(databases)('users of the feed on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database);
    await publish(
      database,
      ['v1', 'v2', 'v3'].map((vendorId) => entry(`of-${vendorId}`, { vendorId })),
    );
  });
  afterAll(() => database.close());

  const dataOf = async (source: string, variables: Record<string, unknown>, caller: Caller) =>
    (await feed.ask(source, variables, caller)).data;

  describe('who follow vendors', () => {
    const ada = userOf('ada');

    it('follow and unfollow, and a repeat changes nothing', async () => {
      const followed = { followVendor: { vendor: { id: 'v1' }, following: true } };
      expect(await dataOf(follow, { id: 'v1' }, ada)).toEqual(followed);
      expect(await dataOf(follow, { id: 'v1' }, ada)).toEqual(followed);
      expect(await dataOf(me, {}, ada)).toMatchObject({ me: { following: [{ id: 'v1' }] } });
      const unfollowed = { unfollowVendor: { vendor: { id: 'v1' }, following: false } };
      expect(await dataOf(unfollow, { id: 'v1' }, ada)).toEqual(unfollowed);
      expect(await dataOf(unfollow, { id: 'v1' }, ada)).toEqual(unfollowed);
      expect(await dataOf(me, {}, ada)).toMatchObject({ me: { following: [] } });
    });

    it('see the latest first, and as many as they ask for', async () => {
      const bob = userOf('bob');
      for (const [id, hoursAgo] of [
        ['v2', 3],
        ['v3', 1],
        ['v1', 2],
      ] as const) {
        await feed.ask(follow, { id }, bob);
        await database.prisma.feedFollow.update({
          where: { userId_vendorId: { userId: 'bob', vendorId: id } },
          data: { followedAt: new Date(Date.UTC(2026, 0, 1, 12 - hoursAgo)) },
        });
      }
      const following = [{ id: 'v3' }, { id: 'v1' }, { id: 'v2' }];
      expect(await dataOf(me, {}, bob)).toMatchObject({ me: { following } });
      expect(await dataOf(me, { first: 1 }, bob)).toMatchObject({ me: { following: [{ id: 'v3' }] } });
      for (const first of [0, 101]) {
        expect((await feed.ask(me, { first }, bob)).codes).toEqual(['BAD_USER_INPUT']);
      }
    });

    it('are told of vendors that do not exist and ids that are none', async () => {
      for (const source of [follow, unfollow]) {
        expect((await feed.ask(source, { id: 'nobody' }, ada)).codes).toEqual(['NOT_FOUND']);
        for (const id of ['', 'x'.repeat(129), 'a\0b']) {
          expect((await feed.ask(source, { id }, ada)).codes).toEqual(['BAD_USER_INPUT']);
        }
        expect((await feed.ask(source, { id: 'v1' }, strangerOf(null))).codes).toEqual(['UNAUTHENTICATED']);
      }
    });

    it('see the follow in the same operation', async () => {
      const source = `mutation { updateProfile(input: {}) { user { following { id } } }
        followVendor(vendorId: "v2") { following }
        again: updateProfile(input: {}) { user { following { id } } } }`;
      expect(await dataOf(source, {}, userOf('cleo'))).toEqual({
        updateProfile: { user: { following: [] } },
        followVendor: { following: true },
        again: { user: { following: [{ id: 'v2' }] } },
      });
    });
  });

  describe('who say something of themselves', () => {
    const change = (input: object, caller: Caller) => feed.ask(updateProfile, { input }, caller);

    it('keep what they leave out and clear what they set to null', async () => {
      const dan = userOf('dan');
      const profile = (region: string | null, locale: string | null): object => ({
        updateProfile: { user: { id: 'dan', region, locale } },
      });
      expect((await change({}, dan)).data).toEqual(profile(null, null));
      expect((await change({ region: 'DE', locale: 'de-AT' }, dan)).data).toEqual(profile('DE', 'de-AT'));
      expect((await change({ locale: 'fr' }, dan)).data).toEqual(profile('DE', 'fr'));
      expect((await change({ region: null }, dan)).data).toEqual(profile(null, 'fr'));
      expect((await change({}, dan)).data).toEqual(profile(null, 'fr'));
    });

    it.each([
      ['EN-us', 'en-US'],
      ['zh-hant-tw', 'zh-Hant-TW'],
      ['iw', 'he'],
      ['pt-BR', 'pt-BR'],
    ])('get locale %s as %s', async (locale, canonical) => {
      const { data } = await change({ locale }, userOf('eve'));
      expect(data).toMatchObject({ updateProfile: { user: { locale: canonical } } });
    });

    it.each([
      { region: 'us' },
      { region: 'USA' },
      { region: '' },
      { region: 'U1' },
      { locale: '' },
      { locale: 'en_US' },
      { locale: 'not a language' },
      { locale: `en-${'x'.repeat(8)}-`.repeat(6) },
      { region: 'FR', locale: '-' },
    ])('are refused $region $locale, and nothing is changed', async (input) => {
      const fay = userOf('fay');
      await change({ region: 'IT', locale: 'it' }, fay);
      expect((await change(input, fay)).codes).toEqual(['BAD_USER_INPUT']);
      expect(await dataOf(me, {}, fay)).toMatchObject({ me: { region: 'IT', locale: 'it' } });
    });

    it('need an id, which may be an anonymous one', async () => {
      expect((await change({ region: 'US' }, strangerOf(null))).codes).toEqual(['UNAUTHENTICATED']);
      const { data } = await change({ region: 'US' }, strangerOf('some-id'));
      expect(data).toMatchObject({ updateProfile: { user: { id: 'anonymous:some-id', region: 'US' } } });
    });
  });

  describe('who are looked up', () => {
    const user = 'query ($id: ID!) { user(id: $id) { id region } }';
    const entities = `query ($ids: [_Any!]!) { _entities(representations: $ids) {
      ... on User { id region following { id } } } }`;
    const references = (...ids: string[]) => ({ ids: ids.map((id) => ({ __typename: 'User', id })) });
    const [gus, hal] = [userOf('gus'), userOf('hal')];
    beforeAll(async () => {
      await feed.ask(updateProfile, { input: { region: 'FR' } }, gus);
      await feed.ask(updateProfile, { input: { region: 'DE' } }, hal);
      await feed.ask(updateProfile, { input: { region: 'US' } }, strangerOf('some-id'));
    });

    it('are themselves in `me`, and nobody without a sign-in', async () => {
      expect(await dataOf(me, {}, gus)).toEqual({
        me: { id: 'gus', region: 'FR', locale: null, following: [] },
      });
      expect(await dataOf(me, {}, strangerOf('some-id'))).toEqual({ me: null });
    });

    it('are anybody to scope dashboard, and null to others, without an error', async () => {
      expect(await dataOf(user, { id: 'gus' }, operator)).toEqual({ user: { id: 'gus', region: 'FR' } });
      expect(await dataOf(user, { id: 'unheard-of' }, operator)).toEqual({
        user: { id: 'unheard-of', region: null },
      });
      for (const caller of [gus, hal, strangerOf(null), userOf('ida', { scopes: ['catalogue'] })]) {
        expect(await feed.ask(user, { id: 'gus' }, caller)).toMatchObject({
          data: { user: null },
          codes: [],
        });
      }
      expect(await dataOf(user, { id: 'a\0' }, operator)).toEqual({ user: null });
    });

    it('are resolved as entities for themselves and for scope dashboard alone', async () => {
      const of = (id: string, region: string) => ({ id, region, following: [] });
      expect(await dataOf(entities, references('gus', 'hal', 'a\0'), gus)).toEqual({
        _entities: [of('gus', 'FR'), null, null],
      });
      expect(await dataOf(entities, references('gus', 'hal'), operator)).toEqual({
        _entities: [of('gus', 'FR'), of('hal', 'DE')],
      });
      const strange = references('anonymous:some-id', 'gus');
      expect(await dataOf(entities, strange, strangerOf('some-id'))).toEqual({
        _entities: [of('anonymous:some-id', 'US'), null],
      });
      expect(await dataOf(entities, strange, strangerOf(null))).toEqual({ _entities: [null, null] });
    });
  });
});
