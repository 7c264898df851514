import { publicList } from '../../gateway/documents/document-registry.ts';
import { readPublished, readUsage, type DocumentUse } from '../../gateway/documents/document-store.ts';
import { readPublicSchema } from '../../gateway/documents/read-public-schema.ts';
import { ListRegistrar, type PublishedDocument } from '../../gateway/documents/register-list.ts';
import type { RegisteredDocument } from '../../gateway/documents/registered-document.ts';
import { describeDocument } from './describe-document.ts';
import { withDatabase } from '../with-database.ts';

export interface ListOptions {
  /** Narrows to the list of this key. */
  readonly keyId: string | null;
  readonly json: boolean;
  readonly usage: boolean;
}

interface ListedDocument {
  readonly published: PublishedDocument;
  /** Null for one that does not fit the schema any more. */
  readonly document: RegisteredDocument | null;
  readonly usage: readonly DocumentUse[];
}

/** Every published document, list by list, as lines or as one JSON text. */
export async function listDocuments({ keyId, json, usage }: ListOptions): Promise<string[]> {
  const listed = await withDatabase(async (database) => {
    const published = (await readPublished(database)).filter((one) => keyId === null || one.keyId === keyId);
    return withRegistrations(published, usage ? await readUsage(database) : []);
  });
  if (json)
    return [
      JSON.stringify(
        listed.map((one) => asJson(one, usage)),
        null,
        2,
      ),
    ];
  if (listed.length === 0) {
    return ['Nothing is published here. `bouquet start` publishes schema/documents for everybody.'];
  }
  const lists = new Map<string, string[]>();
  for (const one of listed) {
    const lines = lists.get(one.published.keyId) ?? [];
    lists.set(one.published.keyId, [...lines, ...linesOf(one)]);
  }
  return [...lists].flatMap(([list, lines]) => [
    list === publicList ? 'For everybody:' : `For key ${list}:`,
    ...lines.map((line) => `  ${line}`),
  ]);
}

function withRegistrations(
  published: readonly PublishedDocument[],
  usage: readonly DocumentUse[],
): ListedDocument[] {
  const { lists } = new ListRegistrar(readPublicSchema()).register(published);
  const documents = new Map(
    lists.flatMap(({ keyId, entries }) =>
      entries.map(({ document, publishedId }) => [`${keyId} ${publishedId}`, document] as const),
    ),
  );
  return published.map((one) => ({
    published: one,
    document: documents.get(`${one.keyId} ${one.id}`) ?? null,
    usage: usage.filter(({ documentId }) => documentId === one.id),
  }));
}

function linesOf({ published, document, usage }: ListedDocument): string[] {
  const first =
    document === null
      ? `${published.name.padEnd(24)}  sha256:${published.id}  does not fit the schema: bouquet documents check`
      : describeDocument(document);
  const uses = usage.map(
    ({ keyId, runs, lastUsedAt }) =>
      `  ${keyId === publicList ? 'without a key' : `key ${keyId}`}: ${runs.toLocaleString('en')} runs, last ${lastUsedAt.toISOString()}`,
  );
  return [first, ...uses];
}

function asJson({ published, document, usage }: ListedDocument, withUsage: boolean): object {
  const { keyId, id, name, publishedAt, aliases } = published;
  return {
    key: keyId === publicList ? null : keyId,
    id,
    name,
    publishedAt,
    aliases,
    ...(document === null
      ? { valid: false }
      : {
          valid: true,
          kind: document.kind,
          cost: document.cost,
          maxAgeMs: document.maxAgeMs,
          scope: document.scope,
        }),
    ...(withUsage
      ? {
          usage: usage.map((use) => ({
            key: use.keyId === publicList ? null : use.keyId,
            runs: use.runs,
            lastUsedAt: use.lastUsedAt,
          })),
        }
      : {}),
  };
}
