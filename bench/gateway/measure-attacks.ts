import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { bystanderDuring } from '../../test/attacks/bystander.ts';
import { startChild, type ChildServer } from '../../test/e2e/child-server.ts';
import { attackGroups } from './attack-groups.ts';
import { KeepAliveClient } from './keep-alive-client.ts';
import { copyMarketplace, feedPage, type Marketplace } from './marketplace.ts';
import { processCpuMs } from './process-cpu.ts';
import { productionEnvironment, tokenFor } from './production.ts';

export interface AttackPlan {
  /** Those whose name contains it. */
  readonly only: string;
  /** Milliseconds with the attack, and as many without it, before the other has its turn. */
  readonly sliceMs: number;
  readonly slices: number;
  readonly warmUpMs: number;
}

/** How the bystander fared. */
export interface AttackTimes {
  readonly group: string;
  /** Hostile requests, all of them refused. */
  readonly hostile: number;
  /** Milliseconds of processor time that the server took for one of them. */
  readonly cpuMs: number;
  /** Milliseconds of each feed. */
  readonly quiet: readonly number[];
  readonly attacked: readonly number[];
  /** Feeds that were not answered. */
  readonly failed: number;
}

const attackerFile = join(import.meta.dirname, 'attacker.ts');
/** Milliseconds for what an attack has left behind. */
const settleMs = 300;
/** So few that their feeds, which last for five minutes, are hardly ever made anew. */
const bystanders = 20;

const outcomeSchema = z.object({ sent: z.number(), notRefused: z.array(z.string()) });

/** Starts a server in production, on which a bystander reads feeds while each group of attackers has its turn. */
export async function measureAttacks(
  marketplace: Marketplace,
  dataDir: string,
  plan: AttackPlan,
): Promise<AttackTimes[]> {
  const server = await startChild({
    ...productionEnvironment,
    DATA_DIR: copyMarketplace(marketplace, dataDir),
  });
  const client = new KeepAliveClient(server.url, 32);
  try {
    const readFeed = await feedReader(client);
    const until = performance.now() + plan.warmUpMs;
    while (performance.now() < until) {
      if (!(await readFeed())) throw new Error('The bystander gets no feed.');
    }
    const times: AttackTimes[] = [];
    for (const { name } of attackGroups) {
      if (!name.includes(plan.only)) continue;
      process.stderr.write(`Attacking: ${name} …\n`);
      times.push(await measureGroup(name, { server, readFeed, marketplace, plan }));
    }
    return times;
  } finally {
    client.close();
    server.process.kill('SIGTERM');
    await server.ended;
  }
}

interface Scene {
  readonly server: ChildServer;
  readonly readFeed: () => Promise<boolean>;
  readonly marketplace: Marketplace;
  readonly plan: AttackPlan;
}

async function measureGroup(
  group: string,
  { server: { url, process: child }, readFeed, marketplace, plan }: Scene,
): Promise<AttackTimes> {
  const attacker = fork(attackerFile, [group, url, await tokenFor('mallory'), marketplace.limitedKey]);
  const cpuMs = (): number => processCpuMs(child.pid ?? Number.NaN);
  const times = { quiet: new Array<number>(), attacked: new Array<number>(), hostile: 0, failed: 0 };
  let more = 0;
  try {
    // Once before it counts, so that neither side is measured cold.
    await attack(attacker, () => sleep(settleMs));
    for (let slice = 0; slice < plan.slices; slice++) {
      await sleep(settleMs);
      const start = cpuMs();
      const quiet = await bystanderDuring(url, () => sleep(plan.sliceMs), readFeed);
      const turn = cpuMs();
      const attacking = async (): Promise<void> => {
        times.hostile += await attack(attacker, () => sleep(plan.sliceMs));
      };
      const attacked = await bystanderDuring(url, attacking, readFeed);
      more += cpuMs() - turn - (turn - start);
      times.quiet.push(...quiet.latencies);
      times.attacked.push(...attacked.latencies);
      times.failed += quiet.failed + attacked.failed;
    }
  } finally {
    attacker.disconnect();
    await once(attacker, 'exit');
  }
  return { group, ...times, cpuMs: more / times.hostile };
}

/** Attacks until `wait` returns; returns how many requests were sent. Throws where one was not refused. */
async function attack(attacker: ChildProcess, wait: () => Promise<unknown>): Promise<number> {
  attacker.send('start');
  await wait();
  const answered = once(attacker, 'message');
  attacker.send('stop');
  const [message]: unknown[] = await answered;
  const { sent, notRefused } = outcomeSchema.parse(message);
  if (notRefused.length > 0)
    throw new Error(`${notRefused.length} of ${sent} were not refused: ${notRefused[0]}`);
  return sent;
}

/** Reads the persisted feed of one user after the other; returns whether there was one. */
async function feedReader(client: KeepAliveClient): Promise<() => Promise<boolean>> {
  const tokens = await Promise.all(
    Array.from({ length: bystanders }, (_, index) => tokenFor(`user-${index + 1}`)),
  );
  const body = JSON.stringify({ documentId: `sha256:${feedPage.id}` });
  let turn = 0;
  return async () => {
    const headers = { authorization: `Bearer ${tokens[turn++ % bystanders]}` };
    try {
      const { status, text } = await client.post({ headers, body });
      return status === 200 && text.startsWith('{"data":{"feed":{"edges":[{') && !text.includes('"errors"');
    } catch {
      return false;
    }
  };
}
