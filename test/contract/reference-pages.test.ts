import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentLimits } from '../../gateway/limits/document-limits.ts';
import { configSchema } from '../../platform/config/config.ts';
import { configurationPage } from '../../platform/config/configuration-page.ts';
import { errorCodes } from '../../platform/errors/request-error.ts';

function page(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../docs/reference', name), 'utf8');
}

describe('reference pages', () => {
  it('configuration.md is what `npm run generate` writes', () => {
    expect(page('configuration.md')).toBe(configurationPage());
  });

  it('every variable is described', () => {
    for (const [name, type] of Object.entries(configSchema.shape)) {
      expect(type.description, name).toMatch(/\w.*\.$/);
    }
  });

  it('limits.md has the limits of documents', () => {
    const documented = [...page('limits.md').matchAll(/^\| ([A-Z][\w ]+?) +\| ([1-9]\d*) +\|/gm)];
    const limits = documented.map(([, name, value]) => [
      name?.toLowerCase().replace(' f', 'F'),
      Number(value),
    ]);
    expect(Object.fromEntries(limits)).toEqual(documentLimits);
  });

  it('errors.md has a row for each code of the registry, and for no other', () => {
    const documented = [...page('errors.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
    expect(documented).toHaveLength(errorCodes.length);
    expect(new Set(documented)).toEqual(new Set(errorCodes));
  });
});
