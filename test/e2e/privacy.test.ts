import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EraseUserDocument,
  ErasureDocument,
  ExportUserDocument,
  LinkAnonymousDocument,
} from '../../schema/generated/documents.ts';
import { fillMarketplace } from './fixture.ts';
import { forms, type RunningForm } from './forms.ts';
import type { AskOptions } from './graphql-client.ts';

const anonymousId = randomUUID();
const visitor: AskOptions = { headers: { 'x-anonymous-id': anonymousId } };
/** Not to be found anywhere by chance. */
const erin = `erin-${randomUUID()}`;
const olaf = `olaf-${randomUUID()}`;

/** Names of the tables, of every schema, that have a row with `text` in it, and in how many rows. */
async function tablesWith({ platforms }: RunningForm, text: string): Promise<Record<string, number>> {
  const [platform] = platforms;
  if (platform === undefined) throw new Error('nothing runs');
  const { pool } = platform.database;
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(rows.length).toBeGreaterThan(25);
  const found: Record<string, number> = {};
  for (const { name } of rows) {
    const { rowCount } = await pool.query(`SELECT FROM ${name} AS t WHERE position($1 in t::text) > 0`, [
      text,
    ]);
    if (rowCount !== null && rowCount > 0) found[name] = rowCount;
  }
  return found;
}

/** Files of the data folder, but for the database's own, that have `text` in them. */
function filesWith({ platforms }: RunningForm, text: string): string[] {
  const folder = platforms[0]?.config.DATA_DIR ?? '';
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('postgres') && statSync(join(folder, name)).isFile(),
  );
  return names.filter((name) => readFileSync(join(folder, name)).includes(text));
}

describe.each(forms)('privacy, $form', ({ start }) => {
  let running: RunningForm;
  const ask = async (query: string, options: AskOptions, variables: object = {}): Promise<unknown> => {
    const { data, errors } = await running.client.raw(query, variables, options);
    expect(errors, query).toEqual([]);
    return data;
  };

  const fillHistory = async (options: AskOptions, name: string): Promise<void> => {
    const first = await ask('{ feed(first: 5) { pageInfo { endCursor } } }', options);
    const after = /"endCursor":"([^"]+)"/.exec(JSON.stringify(first))?.[1];
    await ask('query ($after: String) { feed(first: 5, after: $after) { edges { cursor } } }', options, {
      after,
    });
    await ask(
      'mutation ($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted } }',
      options,
      {
        input: ['IMPRESSION', 'SAVE', 'INQUIRY', 'HIDE'].map((type, index) => ({
          id: `${name}-${type}`,
          contentId: `content-FR-${index}`,
          type,
          occurredAt: new Date().toISOString(),
        })),
      },
    );
    await ask(
      `mutation { followVendor(vendorId: "vendor-FR-1") { following }
        updateProfile(input: { region: "FR" }) { user { id } }
        submitNps(score: 8, comment: "by ${name}") { accepted } }`,
      options,
    );
  };

  beforeAll(async () => {
    running = await start();
    await fillMarketplace(running.client, 12);
    await fillHistory(visitor, 'visitor');
    await fillHistory({ user: erin }, erin);
    await fillHistory({ user: olaf }, olaf);
  });
  afterAll(() => running.close());

  it('links an anonymous history, once, everywhere', async () => {
    const link = (user: string) => running.client.ask(LinkAnonymousDocument, { anonymousId }, { user });
    const first = await link(erin);
    expect(first.data).toEqual({ linkAnonymous: { linkedInteractions: 4 } });
    expect((await link(erin)).data).toEqual({ linkAnonymous: { linkedInteractions: 0 } });
    expect((await link(olaf)).errors.map(({ extensions }) => extensions.code)).toEqual(['CONFLICT']);
    // Only the events still know of it.
    await expect
      .poll(async () => Object.keys(await tablesWith(running, anonymousId)), { timeout: 20_000 })
      .toEqual(['events.outbox']);
  });

  it('exports what feed and metrics keep', async () => {
    const read = () => running.client.must(ExportUserDocument, { id: erin }, { user: erin });
    await expect
      .poll(async () => (await read()).exportUser?.activityJson, { timeout: 20_000 })
      .toContain(`by ${erin}`);
    const { exportUser } = await read();
    const feed: unknown = JSON.parse(exportUser?.json ?? '');
    expect(feed).toMatchObject({
      userId: erin,
      profile: { region: 'FR' },
      follows: [{ vendorId: 'vendor-FR-1' }],
      next: null,
    });
    // Four of her own and four as a visitor; two pages of each.
    expect(feed).toMatchObject({ interactions: Array.from({ length: 8 }, () => ({})) });
    expect(feed).toMatchObject({ slates: Array.from({ length: 4 }, () => ({})) });
    expect(JSON.parse(exportUser?.activityJson ?? '')).toMatchObject({
      userId: erin,
      sessions: [{}],
      npsAnswers: [{ score: 8, comment: `by ${erin}` }],
    });
    const unknown = await running.client.must(ExportUserDocument, { id: 'nobody' }, { user: erin });
    expect(unknown.exportUser).toBeNull();
  });

  it('erases a user everywhere and leaves others as they are', async () => {
    const others = await tablesWith(running, olaf);
    expect(Object.keys(await tablesWith(running, erin)).length).toBeGreaterThan(8);
    const { eraseUser } = await running.client.must(EraseUserDocument, { id: erin }, { user: erin });
    const { requestId } = eraseUser;
    await expect
      .poll(
        async () => (await running.client.must(ErasureDocument, { requestId }, { user: 'officer' })).erasure,
        { timeout: 20_000 },
      )
      .toMatchObject({ completedAt: expect.stringMatching(/Z$/) });
    expect(await tablesWith(running, erin)).toEqual({});
    expect(await tablesWith(running, anonymousId)).toEqual({});
    expect(filesWith(running, erin)).toEqual([]);
    expect(await tablesWith(running, olaf)).toEqual(others);
    const { exportUser } = await running.client.must(ExportUserDocument, { id: erin }, { user: erin });
    expect(exportUser).toBeNull();
  });

  it('answers a repeat, and begins a new history', async () => {
    await expect
      .poll(
        async () =>
          (await running.client.must(EraseUserDocument, { id: erin }, { user: erin })).eraseUser.completedAt,
        { timeout: 25_000 },
      )
      .toBeTruthy();
    await fillHistory({ user: erin }, 'again');
    const { exportUser } = await running.client.must(ExportUserDocument, { id: erin }, { user: erin });
    expect(exportUser?.json).toContain('again-SAVE');
    expect(exportUser?.json).not.toContain(`${erin}-SAVE`);
  });

  it('needs a signed-in user to link and a UUID', async () => {
    const codes = async (id: string, options: AskOptions): Promise<string[]> =>
      (await running.client.ask(LinkAnonymousDocument, { anonymousId: id }, options)).errors.map(
        ({ extensions }) => extensions.code,
      );
    expect(await codes(anonymousId, visitor)).toEqual(['UNAUTHENTICATED']);
    expect(await codes('not-a-uuid', { user: olaf })).toEqual(['BAD_USER_INPUT']);
  });
});
