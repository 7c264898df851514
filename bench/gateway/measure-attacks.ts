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

/** Milliseconds of each feed, in turns. */
export interface AttackSlice {
  readonly quiet: readonly number[];
  readonly attacked: readonly number[];
  /** While the attacker sends to another server, which makes nothing of it. */
  readonly elsewhere: readonly number[];
}

/** How the bystander fared. */
export interface AttackTimes {
  readonly group: string;
  /** Hostile requests, all of them refused. */
  readonly hostile: number;
  /** Milliseconds of processor time that the server took for one of them. */
  readonly cpuMs: number;
  readonly slices: readonly AttackSlice[];
  /** Feeds that were not answered. */
  readonly failed: number;
}

const idleServerFile = join(import.meta.dirname, 'idle-server.ts');
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
  const elsewhere = await startChild({}, [], idleServerFile);
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
      times.push(await measureGroup(name, { server, elsewhere, readFeed, marketplace, plan }));
    }
    return times;
  } finally {
    client.close();
    for (const child of [server, elsewhere]) child.process.kill('SIGTERM');
    await Promise.all([server.ended, elsewhere.ended]);
  }
}

interface Scene {
  readonly server: ChildServer;
  /** A server that makes nothing of what it is sent. */
  readonly elsewhere: ChildServer;
  readonly readFeed: () => Promise<boolean>;
  readonly marketplace: Marketplace;
  readonly plan: AttackPlan;
}

async function measureGroup(
  group: string,
  { server: { url, process: child }, elsewhere, readFeed, marketplace, plan }: Scene,
): Promise<AttackTimes> {
  const identity = [await tokenFor('mallory'), marketplace.limitedKey];
  const attacker = fork(attackerFile, [group, url, ...identity]);
  const idler = fork(attackerFile, [group, elsewhere.url, ...identity]);
  const cpuMs = (): number => processCpuMs(child.pid ?? Number.NaN);
  const times = { slices: new Array<AttackSlice>(), hostile: 0, failed: 0 };
  let more = 0;
  try {
    // Once before it counts, so that neither side is measured cold.
    await refusedAttack(attacker, () => sleep(settleMs));
    await attack(idler, () => sleep(settleMs));
    for (let slice = 0; slice < plan.slices; slice++) {
      await sleep(settleMs);
      const start = cpuMs();
      const quiet = await bystanderDuring(url, () => sleep(plan.sliceMs), readFeed);
      const turn = cpuMs();
      const attacking = async (): Promise<void> => {
        times.hostile += await refusedAttack(attacker, () => sleep(plan.sliceMs));
      };
      const attacked = await bystanderDuring(url, attacking, readFeed);
      more += cpuMs() - turn - (turn - start);
      await sleep(settleMs);
      const beside = await bystanderDuring(url, () => attack(idler, () => sleep(plan.sliceMs)), readFeed);
      times.slices.push({
        quiet: quiet.latencies,
        attacked: attacked.latencies,
        elsewhere: beside.latencies,
      });
      times.failed += quiet.failed + attacked.failed + beside.failed;
    }
  } finally {
    for (const each of [attacker, idler]) {
      each.disconnect();
      await once(each, 'exit');
    }
  }
  return { group, ...times, cpuMs: more / times.hostile };
}

/** Attacks until `wait` returns; returns how many requests were sent. Throws where one was not refused. */
async function refusedAttack(attacker: ChildProcess, wait: () => Promise<unknown>): Promise<number> {
  const { sent, notRefused } = await attack(attacker, wait);
  if (notRefused.length > 0)
    throw new Error(`${notRefused.length} of ${sent} were not refused: ${notRefused[0]}`);
  return sent;
}

/** Attacks until `wait` returns; returns what came of it. */
async function attack(
  attacker: ChildProcess,
  wait: () => Promise<unknown>,
): Promise<z.infer<typeof outcomeSchema>> {
  attacker.send('start');
  await wait();
  const answered = once(attacker, 'message');
  attacker.send('stop');
  const [message]: unknown[] = await answered;
  return outcomeSchema.parse(message);
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
