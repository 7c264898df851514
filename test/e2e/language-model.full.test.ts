import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startLanguageModelService,
  type LanguageModelService,
} from '../../platform/llm/test/language-model-service.ts';
import { wellScored } from '../../subgraphs/feed/agents/remote/test/scoring-answers.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { freePort } from '../support/free-port.ts';
import { runChild, startChild, type ChildServer } from './child-server.ts';
import { GraphqlClient } from './graphql-client.ts';

describe('a server with a language model and two workers', () => {
  let service: LanguageModelService;
  let server: ChildServer;
  let dataDir: string;
  let adminPort: number;
  beforeAll(async () => {
    service = await startLanguageModelService(wellScored);
    dataDir = mkdtempSync(join(scratchFolder(), 'bq-'));
    adminPort = await freePort();
    await runChild({ DATA_DIR: dataDir }, ['seed']).ended;
    server = await startChild({
      DATA_DIR: dataDir,
      ADMIN_PORT: String(adminPort),
      WORKERS: '2',
      LLM_BASE_URL: service.baseUrl,
      LLM_MODEL: 'small',
      LLM_PRICES: 'small=1/10',
      LLM_AGENTS: 'quality',
      CUSTOM_PROMPT: 'Score how blue it is.',
    });
  });
  afterAll(async () => {
    server.process.kill('SIGTERM');
    await server.ended;
    await service.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('asks until all is scored, and counts what that costs', async () => {
    const client = new GraphqlClient(server.url);
    const query =
      '{ feed(first: 5, filter: { regions: ["DE"] }) { edges { node { score } } ranking { mode } } }';
    // A feed may give up on the model; its calls end all the same, and at last there are none.
    let asked = -1;
    for (let round = 0; asked !== service.requests.length && round < 20; round++) {
      asked = service.requests.length;
      for (let connection = 0; connection < 8; connection++) {
        await client.raw('mutation { refreshFeed { discarded } }', {}, { user: 'user-1' });
        const { errors } = await client.raw(query, {}, { user: 'user-1', headers: { connection: 'close' } });
        expect(errors).toEqual([]);
      }
    }
    expect(new Set(service.requests.map(({ name }) => name))).toEqual(new Set(['quality', 'custom']));
    expect(asked).toBe(service.requests.length);
    const metrics = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
    expect(metrics).toMatch(/bouquet_llm_calls_total\{agent="quality",outcome="ok",worker="\d+"\} [1-9]/);
    expect(metrics).toMatch(/bouquet_llm_usd_total\{agent="custom",worker="\d+"\} [\d.e-]+/);
    expect(metrics).toMatch(/bouquet_llm_batch_items_count\{agent="quality",worker="\d+"\} [1-9]/);
  });
});
