import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { idOf, normalisedText } from '../../gateway/documents/document-text.ts';
import { runChild } from '../../test/e2e/child-server.ts';
import { limitedKeyRequests } from './attack-groups.ts';
import { fillForBench } from '../feed/fill-for-bench.ts';

/** The document that reads nothing but the caller: see `myself.graphql`. */
export const myself = persistedDocument(join(import.meta.dirname, 'myself.graphql'));
export const feedPage = persistedDocument(
  join(import.meta.dirname, '../../schema/documents/feed-page.graphql'),
);

/** An embedded database that is ready to be served, and API keys in it. */
export interface Marketplace {
  readonly folder: string;
  readonly apiKey: string;
  /** A key that may send `limitedKeyRequests` in an hour. */
  readonly limitedKey: string;
}

/** Fills `folder` with a generated marketplace, publishes `myself` in it for everybody and makes the keys. */
export async function fillMarketplace(folder: string, contents: number): Promise<Marketplace> {
  await fillForBench({ dataDir: folder }, contents);
  await bouquet(folder, ['documents', 'publish', myself.file]);
  return {
    folder,
    apiKey: await createKey(folder, []),
    limitedKey: await createKey(folder, ['--limit', String(limitedKeyRequests)]),
  };
}

/** A data folder of its own for one server. */
export function copyMarketplace({ folder }: Marketplace, to: string): string {
  cpSync(folder, to, { recursive: true });
  return to;
}

async function createKey(folder: string, options: readonly string[]): Promise<string> {
  const printed = await bouquet(folder, [
    'keys',
    'create',
    '--name',
    'bench',
    '--scope',
    'catalogue',
    ...options,
  ]);
  const key = /^bq_live_\w+$/m.exec(printed)?.[0];
  if (key === undefined) throw new Error(`No key was printed:\n${printed}`);
  return key;
}

async function bouquet(dataDir: string, args: readonly string[]): Promise<string> {
  const child = runChild({ DATA_DIR: dataDir }, args);
  const code = await child.ended;
  if (code !== 0) throw new Error(`bouquet ${args.join(' ')} ended with ${code}:\n${child.output()}`);
  return child.output();
}

function persistedDocument(file: string): { file: string; id: string; text: string } {
  const text = normalisedText(parse(readFileSync(file, 'utf8')));
  return { file, id: idOf(text), text };
}
