/**
 * Attacks a server in one way, in a process of its own: `attacker.ts <group> <url> <token> <limited key>`. Each message
 * `start` begins it, and the next `stop` ends it and is answered with what came of it.
 */
import { atRandomTimes } from '../../test/attacks/arrivals.ts';
import { attackGroups } from './attack-groups.ts';
import { KeepAliveClient } from './keep-alive-client.ts';

const [name, url = '', token = '', limitedKey = ''] = process.argv.slice(2);
const group = attackGroups.find((each) => each.name === name);
if (group === undefined) throw new Error(`There is no group ${name}.`);
const { perSecond, attack } = group;
const client = new KeepAliveClient(url, 64);
let index = 0;
let ending = new AbortController();
let running: Promise<unknown> = Promise.resolve();
let outcome = { sent: 0, notRefused: new Array<string>() };

process.on('message', (message) => {
  if (message === 'start') start();
  else void stop();
});
process.once('disconnect', () => process.exit());

function start(): void {
  ending = new AbortController();
  outcome = { sent: 0, notRefused: [] };
  running = atRandomTimes(1_000 / perSecond, ending.signal, async () => {
    outcome.sent++;
    const target = { url, client, token, limitedKey, ended: ending.signal };
    const instead = await attack(target, index++).catch(String);
    if (instead !== null) outcome.notRefused.push(instead);
  });
}

async function stop(): Promise<void> {
  ending.abort();
  await running;
  process.send?.(outcome);
}
