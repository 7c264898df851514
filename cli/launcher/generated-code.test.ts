import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, generate, isCurrent } from './generated-code.mjs';

const root = mkdtempSync(join(tmpdir(), 'bouquet-generated-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Copies its one input to its one output, or fails where the input says so. */
const copier = {
  what: 'the copy',
  tool: 'copy.mjs',
  args: [],
  inputs: ['schema', 'options.json'],
  outputs: () => ['out/generated'],
};

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'schema/parts'), { recursive: true });
  mkdirSync(join(root, 'out/generated'), { recursive: true });
  writeFileSync(join(root, 'schema/a.graphql'), 'type A');
  writeFileSync(
    join(root, 'copy.mjs'),
    `import { readFileSync, writeFileSync } from 'node:fs';
     const text = readFileSync('schema/a.graphql', 'utf8');
     if (text === 'broken') process.exit(1);
     writeFileSync('out/generated/a.txt', text);`,
  );
});

describe('generated code', () => {
  it('is current after it was generated, until an input changes, appears or goes', async () => {
    expect(isCurrent(root, copier)).toBe(false);
    await generate(root, copier);
    expect(readFileSync(join(root, 'out/generated/a.txt'), 'utf8')).toBe('type A');
    expect(isCurrent(root, copier)).toBe(true);

    writeFileSync(join(root, 'schema/a.graphql'), 'type B');
    expect(isCurrent(root, copier)).toBe(false);
    await generate(root, copier);
    expect(isCurrent(root, copier)).toBe(true);

    writeFileSync(join(root, 'schema/parts/b.graphql'), '');
    expect(isCurrent(root, copier)).toBe(false);
    rmSync(join(root, 'schema/parts/b.graphql'));
    expect(isCurrent(root, copier)).toBe(true);

    writeFileSync(join(root, 'options.json'), '{}');
    expect(isCurrent(root, copier)).toBe(false);
  });

  it('is stale when its folder is gone', async () => {
    await generate(root, copier);
    rmSync(join(root, 'out'), { recursive: true });
    expect(isCurrent(root, copier)).toBe(false);
  });

  it('stays stale when the generator fails, and says so', async () => {
    writeFileSync(join(root, 'schema/a.graphql'), 'broken');
    await expect(generate(root, copier)).rejects.toThrow('the copy could not be generated');
    expect(isCurrent(root, copier)).toBe(false);
  });

  it('does not depend on scripts beside the inputs or on generated files among them', () => {
    const before = digestOf(root, ['schema']);
    mkdirSync(join(root, 'schema/generated'));
    writeFileSync(join(root, 'schema/generated/x.graphql'), 'x');
    writeFileSync(join(root, 'schema/compose.ts'), 'x');
    expect(digestOf(root, ['schema'])).toBe(before);
  });
});
