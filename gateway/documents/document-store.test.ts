import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../test/support/databases.ts';
import { publicList } from './document-registry.ts';
import {
  publishDocuments,
  readPublished,
  readUsage,
  readVersion,
  removeDocuments,
  type NewDocument,
} from './document-store.ts';
import { DocumentUsage } from './document-usage.ts';
import { DocumentsOfDatabase } from './documents-of-database.ts';
import { newDocument } from './new-document.ts';
import { readPublicSchema } from './read-public-schema.ts';
import { registerDocument } from './register-document.ts';

const schema = readPublicSchema();
/** A busy machine may take its time. */
const patience = { timeout: 10_000 };
const logger = createLogger('silent');
const anonymous: Caller = {
  kind: 'anonymous',
  anonymousId: null,
  scopes: new Set(),
  region: null,
  locale: null,
  key: null,
};

function keyCaller(id: string, ...scopes: ('partner' | 'catalogue')[]): Caller {
  return { kind: 'key', scopes: new Set(scopes), region: null, locale: null, key: { id, vendorId: null } };
}

function documentOf(text: string, alias: string | null = null): NewDocument {
  const registration = registerDocument(schema, text, { holder: null });
  if (!registration.accepted) throw new Error(JSON.stringify(registration.problems));
  return newDocument(registration.document, text, alias);
}

describe.each(databases)('published documents on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(() => database.pool.query('DELETE FROM gateway.document'));

  const loaded = async (): Promise<DocumentsOfDatabase> => {
    const documents = new DocumentsOfDatabase({ database, schema, logger });
    await documents.refresh();
    return documents;
  };

  it('are kept once, on as many lists as they were put', async () => {
    const top = documentOf('query Top { trending { id } }');
    expect(await publishDocuments(database, publicList, [top])).toBe(1);
    expect(await publishDocuments(database, 'key-1', [top])).toBe(1);
    expect(await publishDocuments(database, 'key-1', [top])).toBe(0);
    expect((await readPublished(database)).map(({ keyId, id }) => [keyId, id])).toEqual([
      [publicList, top.id],
      ['key-1', top.id],
    ]);
    expect(await removeDocuments(database, publicList, [top.id])).toBe(1);
    expect(await removeDocuments(database, publicList, [top.id])).toBe(0);
    expect((await readPublished(database)).map(({ keyId }) => keyId)).toEqual(['key-1']);
    await removeDocuments(database, 'key-1', [top.id]);
    expect(await readPublished(database)).toEqual([]);
  });

  it('count the version on when something changes, and only then', async () => {
    const top = documentOf('query Top { trending { id } }');
    const before = await readVersion(database);
    await publishDocuments(database, publicList, [top]);
    const published = await readVersion(database);
    expect(published).toBeGreaterThan(before);
    await publishDocuments(database, publicList, [top]);
    await removeDocuments(database, 'key-1', [top.id]);
    expect(await readVersion(database)).toBe(published);
  });

  it('keep the ids of clients’ tools per list; one that is taken publishes nothing', async () => {
    const top = documentOf('query Top { trending { id } }', 'top');
    const best = documentOf('query Top { trending { title } }', 'top');
    await publishDocuments(database, 'key-1', [top]);
    await publishDocuments(database, 'key-2', [best]);
    const { registry } = await loaded();
    expect(registry.find('top', keyCaller('key-1', 'partner'))?.id).toBe(top.id);
    expect(registry.find('top', keyCaller('key-2', 'partner'))?.id).toBe(best.id);
    expect(registry.find('top', anonymous)).toBeNull();
    const more = documentOf('query More { regions { code } }');
    await expect(publishDocuments(database, 'key-1', [best, more])).rejects.toThrow('top');
    expect((await readPublished(database)).filter(({ keyId }) => keyId === 'key-1')).toHaveLength(1);
  });

  it('are run by whom their list is for', async () => {
    const shared = documentOf('query Shared { regions { code } }');
    const own = documentOf('query Own { categories { slug } }');
    await publishDocuments(database, publicList, [shared]);
    await publishDocuments(database, 'key-1', [own]);
    const { registry } = await loaded();
    const runs = (caller: Caller): (string | undefined)[] =>
      [shared, own].map(({ id }) => registry.find(`sha256:${id}`, caller)?.name);
    expect(runs(anonymous)).toEqual(['Shared', undefined]);
    expect(runs(keyCaller('key-1', 'partner'))).toEqual([undefined, 'Own']);
    expect(runs(keyCaller('key-1', 'partner', 'catalogue'))).toEqual([undefined, 'Own']);
    expect(runs(keyCaller('key-2', 'partner'))).toEqual([undefined, undefined]);
    expect(runs(keyCaller('key-1', 'catalogue'))).toEqual(['Shared', 'Own']);
    expect(registry.all().map(({ name, partner }) => [name, partner])).toEqual([
      ['Shared', false],
      ['Own', true],
    ]);
  });

  it('keep running in an old version, while the name means the newest', async () => {
    const old = documentOf('query Top { trending { id } }');
    await publishDocuments(database, publicList, [old]);
    const newer = documentOf('query Top { trending { id title } }');
    await publishDocuments(database, publicList, [newer]);
    const { registry } = await loaded();
    expect(registry.find(old.id, anonymous)?.text).toBe(old.text);
    expect(registry.all().map(({ id }) => id)).toEqual([newer.id]);
  });

  it('are found at once by whoever looks again, and the looks of a flood are few', async () => {
    const documents = await loaded();
    const fresh = documentOf('query Fresh { regions { code } }');
    await publishDocuments(database, publicList, [fresh]);
    expect(documents.registry.find(fresh.id, anonymous)).toBeNull();
    await documents.lookAgain();
    expect(documents.registry.find(fresh.id, anonymous)?.name).toBe('Fresh');
    const before = database.timer.statements;
    await Promise.all(Array.from({ length: 100 }, () => documents.lookAgain()));
    expect(database.timer.statements - before).toBeLessThanOrEqual(1);
  });

  it('are not run once they break the schema or the rules of their list', async () => {
    const broken = {
      id: 'a'.repeat(64),
      name: 'Gone',
      text: 'query Gone { gone }',
      description: null,
      aliases: [],
    };
    const health = documentOf('query Health { systemHealth { requests } }');
    const good = documentOf('query Good { regions { code } }');
    await publishDocuments(database, 'key-1', [broken, health, good]);
    const { registry } = await loaded();
    const caller = keyCaller('key-1', 'partner');
    expect([broken, health, good].map(({ id }) => registry.find(id, caller)?.name)).toEqual([
      undefined,
      undefined,
      'Good',
    ]);
  });

  it('are seen by another process within its interval, and a removal too', async () => {
    const other = new DocumentsOfDatabase({ database, schema, logger, intervalMs: 10 });
    await other.start();
    try {
      const top = documentOf('query Top { trending { id } }');
      await publishDocuments(database, publicList, [top]);
      await expect.poll(() => other.registry.find(top.id, anonymous)?.name, patience).toBe('Top');
      await removeDocuments(database, publicList, [top.id]);
      await expect.poll(() => other.registry.find(top.id, anonymous), patience).toBeNull();
    } finally {
      await other.stop();
    }
  });

  it('are at first those that come with Bouquet where the database is away, and all once it answers', async () => {
    let isAway = true;
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const flaky: Database = {
      ...database,
      read: (statement, ...values) => (isAway ? away() : database.read(statement, ...values)),
      transaction: (work) => (isAway ? away() : database.transaction(work)),
    };
    const [own, other] = [
      documentOf('query Own { trending { id } }'),
      documentOf('query Other { regions { code } }'),
    ];
    await publishDocuments(database, publicList, [other]);
    const documents = new DocumentsOfDatabase({
      database: flaky,
      schema,
      logger,
      intervalMs: 10,
      own: [own],
    });
    await documents.start();
    try {
      const nameOf = (id: string): string | undefined => documents.registry.find(id, anonymous)?.name;
      expect([own, other].map(({ id }) => nameOf(id))).toEqual(['Own', undefined]);
      isAway = false;
      await expect.poll(() => nameOf(other.id), patience).toBe('Other');
      expect(nameOf(own.id)).toBe('Own');
      expect((await readPublished(database)).map(({ name }) => name)).toEqual(['Other', 'Own']);
    } finally {
      await documents.stop();
    }
  });

  it('have their usage summed per key', async () => {
    const top = documentOf('query Top { trending { id } }');
    await publishDocuments(database, publicList, [top]);
    const usage = new DocumentUsage({ database, logger });
    usage.count(top.id, anonymous);
    usage.count(top.id, anonymous);
    usage.count(top.id, keyCaller('key-1'));
    usage.count('a document that was removed', anonymous);
    await usage.flush();
    await usage.flush();
    usage.count(top.id, anonymous);
    await usage.stop();
    expect(await readUsage(database)).toEqual([
      { documentId: top.id, keyId: publicList, runs: 3, lastUsedAt: expect.any(Date) },
      { documentId: top.id, keyId: 'key-1', runs: 1, lastUsedAt: expect.any(Date) },
    ]);
  });

  it('count no more pairs than memory is given for', async () => {
    const [top, more] = [
      documentOf('query Top { trending { id } }'),
      documentOf('query More { regions { code } }'),
    ];
    await publishDocuments(database, publicList, [top, more]);
    const usage = new DocumentUsage({ database, logger, maxPairs: 1 });
    for (const { id } of [top, more, top]) usage.count(id, anonymous);
    await usage.stop();
    expect((await readUsage(database)).map(({ documentId, runs }) => [documentId, runs])).toEqual([
      [top.id, 2],
    ]);
  });
});
