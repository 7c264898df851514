import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/config.ts';
import { readSteps } from '../../../test/how-to/read-steps.ts';
import { scratchFolder } from '../../../test/support/scratch-folder.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { start } from '../test/open-feed.ts';
import { traitFeatures } from '../test/traits.ts';
import { customAgent, loadAgentModule, type AgentModule } from './custom-agent.ts';

const moduleOf = (score: AgentModule['score']): AgentModule => ({
  description: 'Does as it is told.',
  version: '1',
  weight: 0.1,
  deadlineMs: 50,
  score,
});

/** What the agent of a module gives three candidates, of the second of which nothing is known. */
async function scoresBy(module: AgentModule): Promise<number[]> {
  const candidates = [
    candidateOf('a', { tags: ['peony'], quality: 0.8 }),
    { ...candidateOf('b'), facts: null },
    candidateOf('c', { category: 'venues' }),
  ];
  const agent = customAgent(traitFeatures(), () => module);
  const verdict = await agent.score({
    query: queryOf({ subject: 'ada', regions: ['FR'], segment: 'FR:new' }),
    candidates,
    signal: new AbortController().signal,
  });
  return [...verdict.scores];
}

describe('customAgent', () => {
  it('shows a module what is known of the items, and nothing of the user', async () => {
    const seen: unknown[] = [];
    const scores = await scoresBy(
      moduleOf((items, context) => {
        seen.push(items[0], context);
        return items.map((_, index) => index / 2);
      }),
    );
    expect(scores).toEqual([0, Number.NaN, 0.5]);
    expect(seen[0]).toMatchObject({
      id: 'a',
      vendorId: 'vendor',
      category: 'florals',
      region: 'US',
      tagNames: ['peony'],
      publishedAt: start,
      quality: 0.8,
      freshness: 1,
      neighbours: 0,
    });
    expect(seen[1]).toEqual({ now: start, regions: ['FR'], segment: 'FR:new' });
    expect(JSON.stringify(seen)).not.toContain('ada');
  });

  it('takes null for nothing to say, and an answer by a promise', async () => {
    expect(await scoresBy(moduleOf(() => Promise.resolve([null, 1])))).toEqual([Number.NaN, Number.NaN, 1]);
  });

  it.each([
    ['too few', [0.5]],
    ['a number over 1', [0.5, 2]],
    ['NaN', [0.5, Number.NaN]],
    ['texts', ['0.5', '0.5']],
    ['nothing', undefined],
  ])('fails where a module gives %s', async (_what, given) => {
    await expect(scoresBy(moduleOf(() => given))).rejects.toThrow(Error);
  });
});

describe('loadAgentModule', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(scratchFolder(), 'agents-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes a module and loads it. */
  async function load(name: string, text: string): Promise<AgentModule> {
    writeFileSync(join(folder, name), text);
    return loadAgentModule(join(folder, name));
  }

  it('loads the module of docs/how-to/write-an-agent.md', async () => {
    const [file] = readSteps('write-an-agent.md');
    const module = await load('season.ts', file?.text ?? '');
    expect(module).toMatchObject({ description: 'What the season asks for.', weight: 0.3 });
    expect(await scoresBy(module)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const may = { now: new Date('2026-05-01'), regions: null, segment: '*:new' };
    expect(module.score([{ ...houseItem, tagNames: ['peony'], quality: 0.8 }], may)).toEqual([0.9]);
  });

  it('has defaults for weight and deadline', async () => {
    const text = `export default { description: 'Brief.', version: '1', score: (items) => items.map(() => 1) };`;
    expect(await load('brief.mjs', text)).toMatchObject({ weight: 0.1, deadlineMs: 50 });
  });

  it.each([
    ['has no default export', 'export const score = 1;', /CUSTOM_AGENT: default/],
    [
      'lacks a part',
      `export default { description: '', version: '1', score: 1, weight: 0 };`,
      /default\.description[^]+default\.weight[^]+default\.score: must be a function/,
    ],
    ['throws', `throw new Error('not today');`, /cannot be loaded: not today/],
  ])('says what is wrong with one that %s', async (name, text, message) => {
    const loading = load(`${name.replaceAll(' ', '-')}.mjs`, text);
    await expect(loading).rejects.toThrow(ConfigError);
    await expect(loading).rejects.toThrow(message);
  });

  it('says so where there is none', async () => {
    await expect(loadAgentModule(join(folder, 'nowhere.ts'))).rejects.toThrow(
      /CUSTOM_AGENT: .*cannot be loaded/,
    );
  });
});

const houseItem = {
  id: 'a',
  vendorId: 'vendor',
  category: 'florals',
  region: 'US',
  publishedAt: start,
  neighbours: 0,
  vendorNeighbours: 0,
  vectors: 0,
  tags: 0,
  vendor: 0,
  popularity: 0,
  followed: 0,
  editorial: 0,
  freshness: 1,
};
