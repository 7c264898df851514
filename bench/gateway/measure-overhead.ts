import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../../test/e2e/child-server.ts';
import { contestantsOf, type Contestant, type Contender } from './contestants.ts';
import { KeepAliveClient } from './keep-alive-client.ts';
import { copyMarketplace, type Marketplace } from './marketplace.ts';
import { processCpuMs } from './process-cpu.ts';
import { productionEnvironment } from './production.ts';

export interface OverheadPlan {
  /** Distinct users, each with a token of their own. */
  readonly users: number;
  /** Requests of one contestant before the next has its turn. */
  readonly perSlice: number;
  readonly slices: number;
  /** Milliseconds for which each contestant warms up its server. */
  readonly warmUpMs: number;
  /** Milliseconds for which each server is left alone, to know what it does by itself. */
  readonly idleMs: number;
}

/** Milliseconds of processor time. */
export interface OverheadTimes {
  /** For one request, of each slice, by contestant. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
  /** In a second in which nobody asks, by server; the rows are without it. */
  readonly idle: ReadonlyMap<string, number>;
  /** Seconds after which the token of a user is sent again by the same contestant. */
  readonly tokenAgainSeconds: number;
}

interface Server {
  readonly pid: number;
  readonly client: KeepAliveClient;
  end(): Promise<void>;
}

const connections = 16;
const warmUpStep = 250;

/** Starts the server that `npm start` runs and the bare gateway, and has the contestants take turns on them. */
export async function measureOverhead(
  marketplace: Marketplace,
  folder: string,
  plan: OverheadPlan,
): Promise<OverheadTimes> {
  const servers = {
    bare: await start(marketplace, `${folder}/bare`, new URL('bare-gateway.ts', import.meta.url).pathname),
    whole: await start(marketplace, `${folder}/whole`),
  };
  try {
    const contestants = await contestantsOf(marketplace, plan.users);
    for (const contestant of contestants) {
      const until = performance.now() + plan.warmUpMs;
      while (performance.now() < until) await send(servers[contestant.server].client, contestant, warmUpStep);
    }
    const idle = new Map<Contender, number>();
    for (const name of ['bare', 'whole'] as const) {
      idle.set(name, await cpuPerSecond(servers[name].pid, () => sleep(plan.idleMs)));
    }
    const began = performance.now();
    const rows = new Map<string, number[]>(contestants.map(({ row }) => [row, []]));
    for (let slice = 0; slice < plan.slices; slice++) {
      for (const contestant of contestants) {
        const { pid, client } = servers[contestant.server];
        const byItself = idle.get(contestant.server) ?? 0;
        rows.get(contestant.row)?.push(await cpuOfSlice(contestant, { pid, client, byItself, plan }));
      }
    }
    const secondsPerSlice = (performance.now() - began) / 1000 / plan.slices;
    return { rows, idle, tokenAgainSeconds: (secondsPerSlice * plan.users) / plan.perSlice };
  } finally {
    for (const server of Object.values(servers)) await server.end();
  }
}

async function start(marketplace: Marketplace, dataDir: string, program?: string): Promise<Server> {
  const environment = { ...productionEnvironment, DATA_DIR: copyMarketplace(marketplace, dataDir) };
  const child = await (program === undefined
    ? startChild(environment)
    : startChild(environment, [], program));
  const { pid } = child.process;
  if (pid === undefined) throw new Error('The server did not start.');
  const client = new KeepAliveClient(child.url, connections);
  return {
    pid,
    client,
    end: async () => {
      client.close();
      child.process.kill('SIGTERM');
      await child.ended;
    },
  };
}

/** Milliseconds of processor time for one request of a slice. */
async function cpuOfSlice(
  contestant: Contestant,
  {
    pid,
    client,
    byItself,
    plan,
  }: { pid: number; client: KeepAliveClient; byItself: number; plan: OverheadPlan },
): Promise<number> {
  const requests = await contestant.next(plan.perSlice);
  const [began, before] = [performance.now(), processCpuMs(pid)];
  await client.sendAll(requests, contestant.check);
  const used = processCpuMs(pid) - before;
  const seconds = (performance.now() - began) / 1000;
  return (used - byItself * seconds) / plan.perSlice;
}

async function send(client: KeepAliveClient, contestant: Contestant, count: number): Promise<void> {
  await client.sendAll(await contestant.next(count), contestant.check);
}

async function cpuPerSecond(pid: number, wait: () => Promise<unknown>): Promise<number> {
  const [began, before] = [performance.now(), processCpuMs(pid)];
  await wait();
  return (processCpuMs(pid) - before) / ((performance.now() - began) / 1000);
}
