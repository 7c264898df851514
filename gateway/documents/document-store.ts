import type { Database, Transaction } from '#platform/database/database.ts';
import type { PublishedDocument } from './register-list.ts';

/** What is put on a list. */
export interface NewDocument {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** What its author wrote above it; null where that is nothing. */
  readonly description: string | null;
  readonly aliases: readonly string[];
}

/** How often callers of `keyId` (`*`: without a key) ran a document. */
export interface DocumentUse {
  readonly documentId: string;
  readonly keyId: string;
  readonly runs: number;
  readonly lastUsedAt: Date;
}

/** Of several ids of one list, one names another document already; nothing was published. */
class AliasTakenError extends Error {
  constructor(aliases: readonly string[]) {
    super(`These ids name another document of the list already: ${aliases.join(', ')}.`);
    this.name = 'AliasTakenError';
  }
}

/** Counts on with each change; comparing it is all that a process does to know that it is up to date. */
export async function readVersion(database: Database): Promise<bigint> {
  const [row] = await database.read<{ version: string }>`SELECT version FROM gateway.document_version`;
  if (row === undefined) throw new Error('gateway.document_version has lost its row.');
  return BigInt(row.version);
}

/** Everything that is published, in the order of publication. */
export async function readPublished(database: Database): Promise<PublishedDocument[]> {
  const rows = await database.read<PublishedDocument>`
    SELECT list.key_id AS "keyId", document.id, document.name, document.text, document.description,
      list.published_at AS "publishedAt",
      ARRAY(
        SELECT alias.alias FROM gateway.document_alias AS alias
        WHERE alias.key_id = list.key_id AND alias.document_id = list.document_id
        ORDER BY alias.alias
      ) AS aliases
    FROM gateway.document_list AS list JOIN gateway.document AS document ON document.id = list.document_id
    ORDER BY list.published_at, document.name, document.id`;
  return [...rows];
}

/**
 * Puts `documents` on the list of `keyId` in one transaction; what is on it already stays as it is, but for further
 * aliases. Returns how many were new to it.
 * @throws AliasTakenError
 */
export async function publishDocuments(
  database: Database,
  keyId: string,
  documents: readonly NewDocument[],
): Promise<number> {
  // In the order of ids, so that two processes that publish the same wait for one another instead of locking up.
  const sorted = documents.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ids = sorted.map(({ id }) => id);
  const aliases = sorted.flatMap(({ id, aliases: names }) => names.map((alias) => ({ alias, id })));
  return database.transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO gateway.document (id, name, text, description)
      SELECT * FROM unnest(${ids}::text[], ${sorted.map(({ name }) => name)}::text[],
        ${sorted.map(({ text }) => text)}::text[], ${sorted.map(({ description }) => description)}::text[])
      ON CONFLICT (id) DO NOTHING`;
    const listed = await tx.$executeRaw`
      INSERT INTO gateway.document_list (key_id, document_id)
      SELECT ${keyId}, id FROM unnest(${ids}::text[]) AS new (id)
      ON CONFLICT (key_id, document_id) DO NOTHING`;
    const named = await addAliases(tx, keyId, aliases);
    if (listed + named > 0) await countOn(tx);
    return listed;
  });
}

/** Takes documents off the list of `keyId`, with what nobody may run any more. Returns how many were on it. */
export async function removeDocuments(
  database: Database,
  keyId: string,
  ids: readonly string[],
): Promise<number> {
  return database.transaction(async (tx) => {
    const removed = await tx.$executeRaw`
      DELETE FROM gateway.document_list WHERE key_id = ${keyId} AND document_id = ANY(${ids}::text[])`;
    await tx.$executeRaw`
      DELETE FROM gateway.document WHERE id = ANY(${ids}::text[])
        AND NOT EXISTS (SELECT FROM gateway.document_list AS list WHERE list.document_id = document.id)`;
    if (removed > 0) await countOn(tx);
    return removed;
  });
}

/** Adds `uses` to what was counted before; what was removed meanwhile is left out. */
export async function addUsage(database: Database, uses: readonly DocumentUse[]): Promise<void> {
  await database.prisma.$executeRaw`
    INSERT INTO gateway.document_usage AS usage (document_id, key_id, runs, last_used_at)
    SELECT new.document_id, new.key_id, new.runs, new.last_used_at
    FROM unnest(${uses.map(({ documentId }) => documentId)}::text[], ${uses.map(({ keyId }) => keyId)}::text[],
      ${uses.map(({ runs }) => runs)}::bigint[],
      ${uses.map(({ lastUsedAt }) => lastUsedAt.toISOString())}::timestamptz[])
      AS new (document_id, key_id, runs, last_used_at)
    JOIN gateway.document AS document ON document.id = new.document_id
    ORDER BY new.document_id, new.key_id
    ON CONFLICT (document_id, key_id) DO UPDATE
    SET runs = usage.runs + excluded.runs, last_used_at = greatest(usage.last_used_at, excluded.last_used_at)`;
}

/** All that was counted, the most used first. */
export async function readUsage(database: Database): Promise<DocumentUse[]> {
  const rows = await database.read<{ documentId: string; keyId: string; runs: string; lastUsedAt: Date }>`
    SELECT document_id AS "documentId", key_id AS "keyId", runs, last_used_at AS "lastUsedAt"
    FROM gateway.document_usage ORDER BY runs DESC, document_id, key_id`;
  return rows.map((row) => ({ ...row, runs: Number(row.runs) }));
}

async function addAliases(
  tx: Transaction,
  keyId: string,
  aliases: readonly { alias: string; id: string }[],
): Promise<number> {
  const names = aliases.map(({ alias }) => alias);
  const added = await tx.$executeRaw`
    INSERT INTO gateway.document_alias (key_id, alias, document_id)
    SELECT ${keyId}, alias, id
    FROM unnest(${names}::text[], ${aliases.map(({ id }) => id)}::text[]) AS new (alias, id)
    ORDER BY alias
    ON CONFLICT (key_id, alias) DO NOTHING`;
  const taken = await tx.$queryRaw<{ alias: string }[]>`
    SELECT stored.alias FROM gateway.document_alias AS stored
    JOIN unnest(${names}::text[], ${aliases.map(({ id }) => id)}::text[]) AS new (alias, id)
      ON new.alias = stored.alias
    WHERE stored.key_id = ${keyId} AND stored.document_id <> new.id`;
  if (taken.length > 0) throw new AliasTakenError(taken.map(({ alias }) => alias));
  return added;
}

async function countOn(tx: Transaction): Promise<void> {
  await tx.$executeRaw`UPDATE gateway.document_version SET version = version + 1`;
}
