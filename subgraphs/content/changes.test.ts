import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import {
  contentInput,
  deleteContents,
  listAt,
  openContent,
  upsertContents,
  upsertVendors,
  valueAt,
  vendorInput,
  type ContentUnderTest,
} from './test/open-content.ts';

const source = `query ($after: String, $first: Int! = 100) { contentChanges(after: $after, first: $first) {
  cursor kind contentId content { id version } changedAt } }`;
/** Changes wait for transactions of other suites on the same server. */
const patience = { timeout: 10_000 };

describe.each(databases)('changes on $kind', ({ open, kind }) => {
  let database: Database;
  let content: ContentUnderTest;
  const store = (...input: object[]) => content.ask(upsertContents, { input });
  const follow = async (after: unknown, first = 100): Promise<{ seen: string[]; cursor: unknown }> => {
    const { data, codes } = await content.ask(source, { after, first });
    expect(codes).toEqual([]);
    const kinds = listAt(data, ['contentChanges'], ['kind']);
    const seen = listAt(data, ['contentChanges'], ['contentId']).map((id, index) => `${kinds[index]} ${id}`);
    return { seen, cursor: valueAt(data, 'contentChanges', seen.length - 1, 'cursor') };
  };
  const seenAfter = async (after: unknown, first?: number): Promise<string[]> =>
    (await follow(after, first)).seen;

  beforeAll(async () => {
    database = await open();
    content = openContent(database);
    await content.ask(upsertVendors, { input: [vendorInput('v1')] });
  });
  afterAll(() => database.close());

  it('tells of each changed entry once, with its latest state, and goes on from a cursor', async () => {
    await store(contentInput('c1'), contentInput('c2'), contentInput('c3'));
    await store(contentInput('c1', { title: 'Changed' }), contentInput('c2'));
    await content.ask(deleteContents, { ids: ['c3'] });
    const all = ['UPSERTED c2', 'UPSERTED c1', 'DELETED c3'];
    await expect.poll(() => seenAfter(null), patience).toEqual(all);
    const { cursor: second, seen } = await follow(null, 2);
    expect(seen).toEqual(all.slice(0, 2));
    const { cursor: last, seen: rest } = await follow(second);
    expect(rest).toEqual(all.slice(2));
    expect(await seenAfter(last)).toEqual([]);
    await store(contentInput('c3'));
    await expect.poll(() => seenAfter(last), patience).toEqual(['UPSERTED c3']);
    const { data } = await content.ask(source, { after: last });
    expect(valueAt(data, 'contentChanges', 0, 'content')).toEqual({ id: 'c3', version: 3 });
  });

  it('refuses broken cursors and page sizes', async () => {
    for (const variables of [
      { after: 'forged' },
      { after: 'x'.repeat(1_000_000) },
      { after: '' },
      { first: 0 },
      { first: 1000 },
    ]) {
      expect((await content.ask(source, variables)).codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('passes over no change of a transaction that commits late', async () => {
    await store(contentInput('early'), contentInput('late'));
    await expect.poll(() => seenAfter(null), patience).toContain('UPSERTED late');
    const { cursor } = await follow(null);
    await database.transaction(async (tx) => {
      await tx.$executeRaw`
        UPDATE content.content SET changed_xid = (pg_current_xact_id()::text)::bigint WHERE id = 'late'`;
      // The embedded database runs one transaction at a time, so there another has to wait.
      if (kind === 'pglite') return;
      await store(contentInput('early', { title: 'Committed first' }));
      expect(await seenAfter(cursor)).toEqual([]);
    });
    if (kind === 'pglite') await store(contentInput('early', { title: 'Committed second' }));
    await expect.poll(() => seenAfter(cursor), patience).toEqual(['UPSERTED late', 'UPSERTED early']);
  });
});
