import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

const forbidden = [
  ['subgraphs/feed/sources/nearest.ts', '../../content/index.ts'],
  ['subgraphs/feed/sources/nearest.ts', '../../../subgraphs/metrics/index.ts'],
  ['subgraphs/feed/index.ts', '../experiments/index.ts'],
  ['subgraphs/feed/index.ts', '../../gateway/prepare-gateway.ts'],
  ['subgraphs/feed/index.ts', './../../cli/main.ts'],
  ['subgraphs/feed/index.ts', '#subgraphs/content/index.ts'],
  ['subgraphs/content/search/rank.ts', '../../feed/pipeline.ts'],
  ['subgraphs/content/search/rank.ts', '../../../evaluation/evaluate.ts'],
  ['subgraphs/experiments/index.ts', '../metrics/index.ts'],
  ['subgraphs/metrics/index.ts', '../content/context.ts'],
  ['subgraphs/metrics/index.ts', '../../bench/feed.ts'],
  ['gateway/http/handler.ts', '../../subgraphs/content/context.ts'],
  ['gateway/http/handler.ts', '../../subgraphs/feed/learning/index.ts'],
  ['gateway/http/handler.ts', '../../cli/main.ts'],
  ['platform/database/database.ts', '../../subgraphs/content/index.ts'],
  ['platform/database/database.ts', '../../gateway/prepare-gateway.ts'],
  ['platform/database/database.ts', '../../cli/main.ts'],
] as const;

const allowed = [
  ['subgraphs/feed/sources/nearest.ts', '../pipeline.ts'],
  ['subgraphs/feed/sources/nearest.ts', '#platform/database/database.ts'],
  ['subgraphs/feed/sources/nearest.test.ts', '../../../test/support/databases.ts'],
  ['gateway/http/handler.ts', '../../subgraphs/content/index.ts'],
  ['gateway/http/handler.ts', '#platform/config/config.ts'],
  ['gateway/http/handler.ts', '@graphql-hive/gateway-runtime'],
  ['platform/graphql/subgraph.ts', '../database/database.ts'],
  ['cli/start.ts', '../subgraphs/feed/learning/train-item-neighbours.ts'],
  ['evaluation/evaluate.ts', '../subgraphs/feed/pipeline.ts'],
] as const;

/** Every way to write an import of `specifier`; a rule that sees only some of them is no boundary. */
const forms: Record<string, (specifier: string) => string> = {
  import: (specifier) => `import { x } from '${specifier}';\nexport const y = [x];\n`,
  'import type': (specifier) => `import type { X } from '${specifier}';\nexport type Y = X[];\n`,
  'export from': (specifier) => `export { x } from '${specifier}';\n`,
  'import()': (specifier) => `export const x = await import('${specifier}');\n`,
};

const reportSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })),
});

/** Lints a tree with the repository's configuration; returns the files in which `rule` finds something. */
async function lint(folder: string, rule: string): Promise<Set<string>> {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [oxlint, '--format=json', '.'],
      { cwd: folder, maxBuffer: 1e8 },
      (_error, stdout) => resolve(stdout),
    );
  });
  return new Set(
    reportSchema
      .parse(JSON.parse(output))
      .diagnostics.filter(({ code }) => code === rule)
      .map(({ filename }) => filename),
  );
}

/** Where the import of `specifier` in `file` is written, so that every case has a file of its own beside `file`. */
function fileOf(file: string, specifier: string, form: string): string {
  return file.replace('.ts', `-${`${specifier} ${form}`.replaceAll(/[^a-z]+/gi, '-')}.ts`);
}

describe('import boundaries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bouquet-boundaries-'));
  let broken: Set<string>;

  beforeAll(async () => {
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const [file, specifier] of [...forbidden, ...allowed]) {
      for (const [form, write] of Object.entries(forms)) {
        const path = join(folder, fileOf(file, specifier, form));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, write(specifier));
      }
    }
    broken = await lint(folder, 'eslint(no-restricted-imports)');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds a cycle', async () => {
    const cycle = join(folder, 'cycle');
    mkdirSync(cycle);
    cpSync(join(root, '.oxlintrc.json'), join(cycle, '.oxlintrc.json'));
    writeFileSync(join(cycle, 'a.ts'), `import { b } from './b.ts';\nexport const a = () => b;\n`);
    writeFileSync(join(cycle, 'b.ts'), `import { a } from './a.ts';\nexport const b = () => a;\n`);
    writeFileSync(join(cycle, 'c.ts'), `import { a } from './a.ts';\nexport const c = () => a;\n`);
    expect(await lint(cycle, 'import(no-cycle)')).toEqual(new Set(['a.ts', 'b.ts']));
  });

  describe.each(Object.keys(forms))('by %s', (form) => {
    it.each(forbidden)('%s may not reach %s', (file, specifier) => {
      expect(broken).toContain(fileOf(file, specifier, form));
    });

    it.each(allowed)('%s may reach %s', (file, specifier) => {
      expect(broken).not.toContain(fileOf(file, specifier, form));
    });
  });
});
