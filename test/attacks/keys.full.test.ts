import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatApiKey, newKeyId, newSecret } from '../../gateway/callers/api-key.ts';
import { bouquet, tokenOf } from '../e2e/production.ts';
import { json, outcomeOf, send, type Reply } from '../e2e/send.ts';
import { startPartners, type Partners } from './partners.ts';

type Headers = Readonly<Record<string, string>>;

/** Milliseconds within which every server has to know of a change. */
const everywhereMs = 5_000;

describe('API keys over HTTP', () => {
  let partners: Partners;
  let keys: Partners['keys'];
  beforeAll(async () => {
    partners = await startPartners();
    keys = partners.keys;
  }, 240_000);
  afterAll(() => partners.production.close());

  const ask = (path: string, init: RequestInit): Promise<Reply> =>
    send(`${partners.production.url}${path}`, init);
  const query = (text: string, headers: Headers): Promise<Reply> =>
    ask('/graphql', json({ query: text }, headers));
  const idNamed = (name: string): string => partners.ids.get(name) ?? '';

  /** One request to each place that asks who sends it. */
  const everywhere = (headers: Headers): Promise<Reply[]> => {
    const documentId = `sha256:${idNamed('RoseListing')}`;
    return Promise.all([
      ask('/graphql', json({ query: '{ __typename }' }, headers)),
      ask('/graphql', json({ documentId, variables: { id: 'vendor-1' } }, headers)),
      ask(`/graphql?documentId=${documentId}&variables={"id":"vendor-1"}`, { headers }),
      ask('/v1/rose-listing/vendor-1', { headers }),
      ask('/v1/trending', { headers }),
      ask('/v1/submit-nps', json({ score: 9 }, headers)),
      ask('/openapi.json', { headers }),
    ]);
  };

  /** The outcome of such requests where each is refused. */
  const refusedWith = (status: number, code: string): unknown[] =>
    Array.from({ length: 7 }, () => [status, code, undefined]);

  it('are refused as if there were none: revoked, expired, guessed, mistyped, doubled', async () => {
    const [revoked] = await everywhere({ 'x-api-key': keys.revoked.text });
    expect(revoked?.status).toBe(403);
    await bouquet(partners.production.environment, 'keys', 'revoke', keys.revoked.id);
    await sleep(everywhereMs);
    const { text } = keys.rose;
    const wrong: Headers[] = [
      { 'x-api-key': keys.revoked.text },
      { 'x-api-key': keys.expired.text },
      { 'x-api-key': formatApiKey({ id: newKeyId(), secret: newSecret() }) },
      { 'x-api-key': formatApiKey({ id: keys.rose.id, secret: newSecret() }) },
      { 'x-api-key': formatApiKey({ id: keys.rose.id, secret: '0'.repeat(43) }) },
      { 'x-api-key': text.slice(0, -1) },
      { 'x-api-key': `${text}0` },
      { 'x-api-key': text.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) },
      { 'x-api-key': text.replace(keys.rose.id, keys.elm.id) },
      { 'x-api-key': keys.rose.id },
      { 'x-api-key': 'bq_live_' },
      { 'x-api-key': text.replace('bq_live_', 'bq_test_') },
      { 'x-api-key': text.toUpperCase() },
      { 'x-api-key': `${text}, ${text}` },
      { 'x-api-key': '' },
      { authorization: text },
      { authorization: `Basic ${Buffer.from(`${text}:`).toString('base64')}` },
      { authorization: `Bearer ${text} ${keys.elm.text}` },
      { authorization: `Bearer ${keys.elm.text}`, 'x-api-key': text },
      { authorization: `Bearer ${await tokenOf('ada')}`, 'x-api-key': text },
    ];
    for (const headers of wrong) {
      const replies = await everywhere(headers);
      expect(replies.map(outcomeOf)).toEqual(refusedWith(401, 'UNAUTHENTICATED'));
      for (const reply of replies) expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    }
    const [, ...good] = await everywhere({ 'x-api-key': text });
    expect(good.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404, 200]);
  });

  it('open what their scopes say, and nothing else', async () => {
    const health = 'query { systemHealth { requests } user(id: "ada") { id } }';
    const nothing = { status: 200, code: null, data: { systemHealth: null, user: null } };
    const upsert = 'mutation { upsertVendors(input: []) { rejected { id } } }';
    const experiment = 'mutation { stopExperiment(key: "k", reason: "r") { experiment { key } } }';
    const { dashboard, catalogue, backend, insider } = keys;
    expect(await query(health, { 'x-api-key': catalogue.text })).toMatchObject(nothing);
    expect(await query('{ __schema { queryType { name } } }', { 'x-api-key': catalogue.text })).toMatchObject(
      {
        status: 403,
        code: 'FORBIDDEN',
      },
    );
    expect(await query(upsert, { 'x-api-key': catalogue.text })).toMatchObject({ status: 200, code: null });
    expect(await query(health, { 'x-api-key': dashboard.text })).toMatchObject({
      status: 200,
      code: null,
      data: { systemHealth: { requests: expect.any(Number) }, user: { id: 'ada' } },
    });
    for (const { text } of [dashboard, backend]) {
      expect(await query(upsert, { 'x-api-key': text })).toMatchObject({ status: 200, code: 'FORBIDDEN' });
      expect(await query(experiment, { 'x-api-key': text })).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await query(health, { 'x-api-key': insider.text })).toMatchObject({
      status: 403,
      code: 'DOCUMENT_REQUIRED',
    });
  });

  it('act for a user with scope delegate alone', async () => {
    const token = await tokenOf('ada', { scope: 'delegate' });
    const without: Headers[] = [
      { 'x-api-key': keys.rose.text, 'x-on-behalf-of': 'ada' },
      { 'x-api-key': keys.dashboard.text, 'x-on-behalf-of': 'ada' },
      { authorization: `Bearer ${token}`, 'x-on-behalf-of': 'eve' },
      { 'x-on-behalf-of': 'ada' },
      { 'x-on-behalf-of': 'ada', 'x-user-id': 'ada' },
    ];
    for (const headers of without) {
      expect((await everywhere(headers)).map(outcomeOf)).toEqual(refusedWith(403, 'FORBIDDEN'));
    }
    const malformed = ['anonymous:ada', 'key:ada', 'a b', '', 'x'.repeat(129), 'ada, eve'];
    for (const user of malformed) {
      const replies = await everywhere({ 'x-api-key': keys.backend.text, 'x-on-behalf-of': user });
      expect(replies.map(outcomeOf)).toEqual(refusedWith(400, 'BAD_USER_INPUT'));
    }
  });

  it('act for a user as that user, and do no more than the user could', async () => {
    const asUser = { 'x-api-key': keys.elm.text, 'x-on-behalf-of': 'user-1', 'x-user-id': 'user-2' };
    expect(await ask('/v1/elm-me', { headers: asUser })).toMatchObject({
      status: 200,
      data: { id: 'user-1' },
    });
    const asItself = await ask('/v1/elm-me', { headers: { 'x-api-key': keys.elm.text } });
    expect(asItself).toMatchObject({ status: 200, data: null });
    expect(await ask('/v1/elm-export/user-1', { headers: asUser })).toMatchObject({
      status: 200,
      data: { userId: 'user-1' },
    });
    expect(await ask('/v1/elm-export/user-2', { headers: asUser })).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
    });
    // A partner stays one, whoever it acts for.
    expect(await query('{ me { id } }', asUser)).toMatchObject({ status: 403, code: 'DOCUMENT_REQUIRED' });
    expect(await ask('/v1/trending', { headers: asUser })).toMatchObject({ status: 404 });
    const backend = { 'x-api-key': keys.backend.text };
    const others = '{ exportUser(id: "user-2") { userId } }';
    expect(await query(others, backend)).toMatchObject({
      code: null,
      data: { exportUser: { userId: 'user-2' } },
    });
    expect(await query(others, { ...backend, 'x-on-behalf-of': 'user-1' })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await query('{ me { id } }', { ...backend, 'x-on-behalf-of': 'user-1' })).toMatchObject({
      data: { me: { id: 'user-1' } },
    });
  });
});
