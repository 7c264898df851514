import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Dataset, ImportRow } from './dataset.ts';

export interface DatasetFiles {
  readonly vendors: string;
  readonly contents: string;
  readonly interactions: string;
}

/** Writes the data set to three gzipped NDJSON files in `folder`, which is made, and returns their paths. */
export async function writeDataset(dataset: Dataset, folder: string): Promise<DatasetFiles> {
  mkdirSync(folder, { recursive: true });
  const write = async (name: string, rows: AsyncIterable<ImportRow>): Promise<string> => {
    const path = join(folder, `${name}.ndjson.gz`);
    await pipeline(ndjson(rows), createGzip({ level: 1 }), createWriteStream(path));
    return path;
  };
  return {
    vendors: await write('vendors', dataset.vendors()),
    contents: await write('contents', dataset.contents()),
    interactions: await write('interactions', dataset.interactions()),
  };
}

async function* ndjson(rows: AsyncIterable<ImportRow>): AsyncGenerator<string, void, undefined> {
  let text = '';
  for await (const row of rows) {
    text += `${JSON.stringify(row)}\n`;
    if (text.length < 64 * 1024) continue;
    yield text;
    text = '';
  }
  yield text;
}
