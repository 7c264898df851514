import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '#platform/config/config.ts';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import { scratchFolder } from '../../test/support/scratch-folder.ts';
import { entries, publish } from './test/catalogue.ts';
import { openFeed, userOf, type FeedUnderTest } from './test/open-feed.ts';

const answerSchema = z.object({
  agents: z.array(z.object({ name: z.string(), description: z.string() })),
});

describe.each(databases)('the panel that is configured on $kind', ({ open }) => {
  const folder = mkdtempSync(join(scratchFolder(), 'agent-'));
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await publish(database, entries('item', 20));
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function agentsOf(feed: FeedUnderTest) {
    const { data } = await feed.ask(
      '{ agents { name description } }',
      {},
      userOf('operator', { scopes: ['dashboard'] }),
    );
    return answerSchema.parse(data).agents;
  }

  it('has four agents where that is asked for', async () => {
    const feed = openFeed(database, { panel: 'four' });
    const agents = await agentsOf(feed);
    expect(agents.map(({ name }) => name)).toEqual(['discovery', 'quality', 'archivist', 'serendipity']);
    expect(await feed.read(userOf('of-four'))).toMatchObject({ mode: 'MULTI_AGENT', degraded: [] });
    await feed.subgraph.stop();
  });

  it("has the operator's own agent, which scores", async () => {
    const path = join(folder, 'own.mjs');
    const module = `export default { description: 'Mine.', version: '1', weight: 10,
      score: (items) => items.map(({ id }) => (id === 'item-13' ? 1 : 0)) };`;
    writeFileSync(path, module);
    const feed = openFeed(database, { customAgent: path });
    await feed.subgraph.prepare?.();
    expect((await agentsOf(feed)).at(-1)).toEqual({ name: 'custom', description: 'Mine.' });
    const page = await feed.read(userOf('of-own'));
    expect(page).toMatchObject({ mode: 'MULTI_AGENT', degraded: [] });
    expect(page.ids[0]).toBe('item-13');
    await feed.subgraph.stop();
  });

  it("does not start without the operator's own agent", async () => {
    const { subgraph } = openFeed(database, { customAgent: join(folder, 'nowhere.mjs') });
    await expect(subgraph.prepare?.()).rejects.toThrow(ConfigError);
  });
});
