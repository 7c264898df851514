import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PreparedServer } from '../../gateway/running-server.ts';
import { prepareGateway } from '../../gateway/prepare-gateway.ts';
import { prepareSubgraph } from '../../gateway/prepare-subgraph.ts';
import { readConfig, subgraphNames } from '../../platform/config/config.ts';
import { openPlatform, type OpenPlatform } from '../../platform/open-platform.ts';
import { copyPgliteFolder, createPostgresDatabase } from '../support/databases.ts';
import { GraphqlClient } from './graphql-client.ts';

/** A running Bouquet, in one of the forms in which it is installed. */
export interface RunningForm {
  readonly client: GraphqlClient;
  /** The processes' platforms; in process there is one. */
  readonly platforms: readonly OpenPlatform[];
  /** Ends every process as SIGTERM would and starts them anew on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface Form {
  readonly form: 'in process' | 'distributed';
  readonly start: () => Promise<RunningForm>;
}

interface Part {
  readonly platform: OpenPlatform;
  readonly url: string;
  close(): Promise<void>;
}

async function run(
  environment: NodeJS.ProcessEnv,
  prepare: (platform: OpenPlatform) => Promise<PreparedServer>,
): Promise<Part> {
  const config = readConfig({
    PORT: '0',
    LOG_LEVEL: 'error',
    DATABASE_POOL_SIZE: '5',
    RATE_LIMIT_PER_HOUR: '0',
    ...environment,
  });
  const platform = await openPlatform({ config });
  const server = await (await prepare(platform)).run(0);
  return {
    platform,
    url: server.url,
    close: async () => {
      await server.close();
      await platform.close();
    },
  };
}

/** Everything in one process on PGlite, as `bouquet start` does. */
async function startInProcess(): Promise<RunningForm> {
  const folder = copyPgliteFolder();
  const startAll = (): Promise<Part> => run({ DATA_DIR: folder }, prepareGateway);
  let part = await startAll();
  const client = new GraphqlClient(part.url);
  return {
    client,
    get platforms() {
      return [part.platform];
    },
    restart: async () => {
      await part.close();
      part = await startAll();
      client.url = part.url;
    },
    close: async () => {
      await part.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function stopAll(parts: readonly Part[]): Promise<void> {
  for (const part of parts) await part.close();
}

/** Four subgraphs under Apollo Server and a gateway, over HTTP on PostgreSQL, each with connections of its own. */
async function startDistributed(): Promise<RunningForm> {
  const { url: databaseUrl, drop } = await createPostgresDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'bq-'));
  const shared = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    GATEWAY_SIGNING_KEY: randomBytes(32).toString('base64'),
    CURSOR_SIGNING_KEYS: randomBytes(32).toString('base64'),
  };
  const startAll = async (): Promise<Part[]> => {
    const subgraphs = await Promise.all(
      subgraphNames.map((name) => run(shared, (platform) => prepareSubgraph(platform, name))),
    );
    const urls = Object.fromEntries(
      subgraphNames.map((name, index) => [
        `SUBGRAPH_${name.toUpperCase()}_URL`,
        `${subgraphs[index]?.url}/graphql`,
      ]),
    );
    return [await run({ ...shared, ...urls }, prepareGateway), ...subgraphs];
  };
  let parts = await startAll();
  const client = new GraphqlClient(parts[0]?.url ?? '');
  return {
    client,
    get platforms() {
      return parts.map((part) => part.platform);
    },
    restart: async () => {
      await stopAll(parts);
      parts = await startAll();
      client.url = parts[0]?.url ?? '';
    },
    close: async () => {
      await stopAll(parts);
      await drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every form that the end-to-end suites run in. */
export const forms: readonly Form[] = [
  { form: 'in process', start: startInProcess },
  { form: 'distributed', start: startDistributed },
];
