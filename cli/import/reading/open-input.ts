import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { CommandError, UsageError } from '../../command.ts';

export type InputFormat = 'csv' | 'ndjson';

export interface Input {
  readonly path: string;
  readonly format: InputFormat;
  /** Of the file as it lies there, so compressed where it is. */
  readonly bytes: number;
  /** sha256 of the file, which is the same wherever it lies and whatever it is called. */
  readonly digest: string;
  readonly gzipped: boolean;
}

/**
 * Looks at the file: CSV or NDJSON by its name (`.csv`, `.ndjson`, `.jsonl`, each perhaps with `.gz`) or else by its
 * first character, gzip by its first bytes.
 * @throws UsageError when it cannot be read.
 */
export async function inspectInput(path: string): Promise<Input> {
  try {
    const file = await stat(path);
    if (!file.isFile()) throw new UsageError(`${path} is not a file.`);
    const gzipped = await startsLikeGzip(path);
    const digest = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      if (Buffer.isBuffer(chunk)) digest.update(chunk);
    }
    const input = { path, bytes: file.size, digest: digest.digest('hex'), gzipped };
    return { ...input, format: formatByName(path) ?? (await formatByContent(input)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new UsageError(`${path} cannot be read (${error.code}).`);
    }
    throw error;
  }
}

/**
 * Streams the file's uncompressed bytes; `onRead` hears how many bytes of the file have been read.
 * @throws CommandError when a compressed file is damaged or cut off.
 */
export async function* inputBytes(
  input: Pick<Input, 'path' | 'gzipped'>,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(input.path, { highWaterMark: 256 * 1024 });
  file.on('data', () => onRead(file.bytesRead));
  const bytes = input.gzipped ? file.pipe(createGunzip({ chunkSize: 256 * 1024 })) : file;
  if (bytes !== file) file.on('error', (error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new CommandError(`${input.path} is a damaged or cut-off gzip file (${error.message}).`);
    }
    throw error;
  } finally {
    file.destroy();
  }
}

function formatByName(path: string): InputFormat | null {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.csv')) return 'csv';
  return name.endsWith('.ndjson') || name.endsWith('.jsonl') ? 'ndjson' : null;
}

async function formatByContent(input: Pick<Input, 'path' | 'gzipped'>): Promise<InputFormat> {
  for await (const chunk of inputBytes(input)) {
    const text = Buffer.from(chunk).toString('latin1').trimStart();
    if (text !== '') return text.startsWith('{') || text.startsWith('\u00EF\u00BB\u00BF{') ? 'ndjson' : 'csv';
  }
  return 'csv';
}

async function startsLikeGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
