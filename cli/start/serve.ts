import cluster from 'node:cluster';
import { resolve } from 'node:path';
import type { PreparedServer } from '../../gateway/running-server.ts';
import { prepareGateway } from '../../gateway/prepare-gateway.ts';
import { prepareSubgraph } from '../../gateway/prepare-subgraph.ts';
import { startWorkers } from '../../gateway/start-workers.ts';
import {
  placeFromPrimary,
  reportFailure,
  serveUnderPrimary,
} from '../../gateway/workers/serve-under-primary.ts';
import { workerCount } from '../../gateway/workers/worker-count.ts';
import {
  ConfigError,
  readConfig,
  subgraphUrls,
  type Config,
  type SubgraphName,
} from '../../platform/config/config.ts';
import { openPlatform, type OpenPlatform } from '../../platform/open-platform.ts';
import { explainError } from '../explain-error.ts';
import { seedMarketplace } from '../seed/seed-marketplace.ts';
import { greeting } from './greeting.ts';
import { untilToldToEnd } from './signals.ts';

/** What this process runs. */
export type Role =
  | { readonly kind: 'all-in-one'; readonly seed: boolean }
  | { readonly kind: 'gateway' }
  | { readonly kind: 'subgraph'; readonly name: SubgraphName };

/**
 * Starts `role` in this process or in workers, prints where it answers, and returns when it was told to end and has ended
 * cleanly. In a worker it prints nothing, and ends when the primary says so.
 */
export async function serve(role: Role): Promise<void> {
  if (cluster.isWorker) return serveAsWorker(role);
  const config = readConfig();
  checkRole(role, config);
  const workers = workerCount(config);
  if (role.kind === 'all-in-one') say('Starting Bouquet …');
  const platform = await openPlatform({
    config,
    share: role.kind !== 'all-in-one',
    mayBeAway: true,
  });
  if (!platform.isUpToDate()) say('The database cannot be reached: serving what trends until it can.');
  try {
    const isSeeded = role.kind === 'all-in-one' && role.seed && config.NODE_ENV !== 'production';
    if (isSeeded && platform.isUpToDate()) await seed(platform);
    const server =
      workers === 1 ? await (await prepare(platform, role)).run(0) : await startWorkers(platform, workers);
    say(
      role.kind === 'subgraph'
        ? `Subgraph ${role.name} answers at ${server.url}/graphql`
        : greeting(server.url, config),
    );
    if (server.adminUrl !== null) say(`Metrics at ${server.adminUrl}/metrics`);
    if ('allReady' in server) void server.allReady.then(() => say(`All ${workers} workers answer.`));
    await untilToldToEnd();
    say('Ending: answering what is in flight …');
    await server.close();
  } finally {
    await platform.close();
  }
  say('Ended.');
}

/** The primary has opened and migrated the database and says what there is to say; a failure is told to it. */
async function serveAsWorker(role: Role): Promise<void> {
  // Ctrl-C in a terminal reaches workers too; the primary hears it and ends them.
  process.on('SIGINT', () => undefined);
  try {
    const platform = await openPlatform({ config: readConfig(), share: true, migrated: true });
    try {
      const server = await prepare(platform, role);
      const worker = await placeFromPrimary();
      await serveUnderPrimary(await server.run(worker), worker);
    } finally {
      await platform.close();
    }
  } catch (error) {
    const explained = explainError(error, process.env);
    process.exitCode = explained.exitCode;
    await reportFailure(explained);
  }
  // What is left is the channel to the primary. A worker that lost its primary ends by itself, by `node:cluster`.
  process.disconnect();
}

/** @throws ConfigError for a gateway without the subgraphs that it is to stand in front of. */
function checkRole(role: Role, config: Config): void {
  if (role.kind !== 'gateway') return;
  const missing = subgraphUrls(config)
    .filter(([, url]) => url === undefined)
    .map(([name]) => `SUBGRAPH_${name.toUpperCase()}_URL: must be set for a gateway alone`);
  if (missing.length > 0) throw new ConfigError(missing);
}

function prepare(platform: OpenPlatform, role: Role): Promise<PreparedServer> {
  return role.kind === 'subgraph' ? prepareSubgraph(platform, role.name) : prepareGateway(platform);
}

async function seed({ database, config }: OpenPlatform): Promise<void> {
  const startedAt = performance.now();
  let announced = false;
  const { seeded, counts } = await seedMarketplace(database, {
    onProgress: () => {
      if (!announced) say(`First start: generating a marketplace in ${resolve(config.DATA_DIR)} …`);
      announced = true;
    },
  });
  if (!seeded) return;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const parts = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
  say(`Generated ${parts.join(', ')} in ${seconds} s.`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
