import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type ChildServer } from '../../test/e2e/child-server.ts';
import { processesOf } from '../../test/e2e/processes-of.ts';
import { readSeries } from '../../test/e2e/read-series.ts';
import { FeedLoad } from './feed-load.ts';
import { copyMarketplace, type Marketplace } from './marketplace.ts';
import { productionEnvironment } from './production.ts';

export interface RespawnPlan {
  readonly kills: number;
  readonly warmUpMs: number;
}

/** What one worker's death has cost. */
export interface Respawn {
  /** Milliseconds from the signal until the worker in its place has answered a request. */
  readonly untilServedMs: number;
  /** Requests that were in flight when the worker was killed, on either worker. */
  readonly inFlight: number;
  /** Why requests failed, until the next kill. */
  readonly failures: readonly string[];
}

const workers = 2;
const connections = 16;
/** Of each worker in turn, so that none dies within 10 s of its start, after which the next would be held back. */
const betweenKillsMs = 5_500;
const pollMs = 20;
/** After which the worker counts as not replaced. */
const giveUpMs = 30_000;

/** Starts two workers in production and kills one after the other by SIGKILL while feeds are read from them. */
export async function measureRespawn(
  marketplace: Marketplace,
  dataDir: string,
  { kills, warmUpMs }: RespawnPlan,
): Promise<Respawn[]> {
  const server = await startChild({
    ...productionEnvironment,
    WORKERS: String(workers),
    ADMIN_PORT: '0',
    DATA_DIR: copyMarketplace(marketplace, dataDir),
  });
  const load = await FeedLoad.start(server.url, connections);
  try {
    await sleep(warmUpMs);
    const respawns: Respawn[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const failedBefore = load.failures.length;
      const place = kill % workers;
      const [pid] = await processesOf(server, `worker ${place}$`);
      if (pid === undefined) throw new Error(`There is no worker ${place}.`);
      const inFlight = load.inFlight;
      const killedAt = performance.now();
      process.kill(pid, 'SIGKILL');
      await untilServed({ server, load }, place, Math.floor(kill / workers) + 1);
      const untilServedMs = performance.now() - killedAt;
      await sleep(betweenKillsMs);
      respawns.push({ untilServedMs, inFlight, failures: load.failures.slice(failedBefore) });
    }
    return respawns;
  } finally {
    await load.stop();
    server.process.kill('SIGTERM');
    await server.ended;
  }
}

/** Returns when worker `place` was replaced `restarts` times and the last of them has answered a request. */
async function untilServed(
  { server, load }: { server: ChildServer; load: FeedLoad },
  place: number,
  restarts: number,
): Promise<void> {
  const until = performance.now() + giveUpMs;
  while (performance.now() < until) {
    // A worker that is new gets the next connection; those that are open stay where they are.
    await load.readOnNewConnection();
    const series = await readSeries(server);
    const answered = series.get(`bouquet_request_duration_seconds_count{outcome="ok",worker="${place}"}`);
    const isNew = series.get(`bouquet_worker_restarts_total{worker="${place}"}`) === restarts;
    if (isNew && (answered ?? 0) > 0) return;
    await sleep(pollMs);
  }
  throw new Error(`Worker ${place} was not replaced within ${giveUpMs} ms:\n${server.output()}`);
}
