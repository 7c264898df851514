import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CommandError } from '../command.ts';

/** A document as a file holds it. */
export interface SourceDocument {
  /** The file, with the entry's name or id where the file holds several. */
  readonly place: string;
  readonly text: string;
  /** The id that the tool which wrote the file gave it; null for plain GraphQL. */
  readonly alias: string | null;
}

/** What `generate-persisted-query-manifest` of Apollo writes. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), name: z.string(), body: z.string() })),
});

/** What a Relay compiler with `persistConfig.file` writes, and GraphQL codegen's `persisted-documents.json`. */
const textsById = z.record(z.string(), z.string());

/**
 * Reads the documents of every file: an Apollo manifest, a JSON object of texts by id, or one document as GraphQL.
 * @throws CommandError for a file that cannot be read or is neither.
 */
export async function readDocumentFiles(files: readonly string[]): Promise<SourceDocument[]> {
  return (await Promise.all(files.map(readDocumentFile))).flat();
}

async function readDocumentFile(file: string): Promise<SourceDocument[]> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read (${error instanceof Error ? error.message : 'unknown'}).`);
  });
  if (!file.endsWith('.json')) return [{ place: file, text: content, alias: null }];
  const json = parseJson(file, content);
  const manifest = apolloManifest.safeParse(json);
  if (manifest.success) {
    return manifest.data.operations.map(({ id, name, body }) => ({
      place: `${file} (${name})`,
      text: body,
      alias: id,
    }));
  }
  const texts = textsById.safeParse(json);
  if (texts.success) {
    return Object.entries(texts.data).map(([id, text]) => ({ place: `${file} (${id})`, text, alias: id }));
  }
  throw new CommandError(
    `${file} is neither an Apollo manifest (apollo-persisted-query-manifest, version 1) nor a JSON object of documents by id.`,
  );
}

function parseJson(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new CommandError(`${file} is not JSON.`);
  }
}
