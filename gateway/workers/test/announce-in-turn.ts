import cluster from 'node:cluster';
import { z } from 'zod';
import { answerWorkers, askPrimary, broadcast, onBroadcast } from '../primary-channel.ts';

/**
 * Run as a process of its own: a primary with three workers, of which each, and then the primary, announces its name once
 * all listen. Prints what each has heard, and how many did not confirm.
 */
const announced = { kind: 'test.announced', payload: z.object({ name: z.string().max(10), at: z.date() }) };
const arrived = { kind: 'test.arrived', payload: z.string().max(10), answer: z.null() };
const told = {
  kind: 'test.told',
  payload: z.object({ name: z.string().max(10), heard: z.array(z.string()), missed: z.int() }),
  answer: z.null(),
};

const workers = 3;
const name = cluster.isWorker ? `worker-${process.env['NAME']}` : 'primary';
const heard: string[] = [];
const everybody = Promise.withResolvers<void>();
onBroadcast(announced, (announcement) => {
  heard.push(announcement.name);
  if (heard.length === workers + 1) everybody.resolve();
});

if (cluster.isPrimary) {
  const reports = new Map<string, object>();
  const start = Promise.withResolvers<void>();
  let waiting = workers;
  answerWorkers(arrived, async () => {
    if (--waiting === 0) start.resolve();
    await start.promise;
    return null;
  });
  answerWorkers(told, (report) => {
    reports.set(report.name, { heard: report.heard.toSorted(), missed: report.missed });
    return null;
  });
  cluster.setupPrimary({ serialization: 'advanced' });
  const ended = Array.from({ length: workers }, (_, index) => {
    const worker = cluster.fork({ NAME: String(index) });
    return new Promise((resolve) => worker.once('exit', resolve));
  });
  await start.promise;
  const missed = await broadcast(announced, { name, at: new Date() });
  await everybody.promise;
  reports.set(name, { heard: heard.toSorted(), missed });
  await Promise.all(ended);
  process.stdout.write(JSON.stringify(Object.fromEntries(reports)));
} else {
  await askPrimary(arrived, name, 20_000);
  const missed = await broadcast(announced, { name, at: new Date() });
  await everybody.promise;
  await askPrimary(told, { name, heard, missed }, 20_000);
  process.disconnect();
}
