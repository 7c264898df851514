import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Config } from './config.ts';

const keysSchema = z.object({ cursorSigningKey: z.string() });

/** The cursor signing keys: the configured ones, else one kept in the data folder, made on first use. */
export function cursorSigningKeys(config: Pick<Config, 'CURSOR_SIGNING_KEYS' | 'DATA_DIR'>): string[] {
  return config.CURSOR_SIGNING_KEYS ?? [localKeys(config.DATA_DIR).cursorSigningKey];
}

function localKeys(dataDir: string): z.infer<typeof keysSchema> {
  const folder = resolve(dataDir);
  const file = join(folder, 'keys.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    const made = { cursorSigningKey: randomBytes(32).toString('base64') };
    writeFileSync(draft, JSON.stringify(made), { mode: 0o600 });
    try {
      // Two processes may start at once: whoever links first wins, and nobody reads half a file.
      linkSync(draft, file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      rmSync(draft);
    }
  }
  return keysSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
