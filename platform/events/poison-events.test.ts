import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { ConsumerRunner } from './consumer-runner.ts';
import { countDeadLetters, listDeadLetters, putBackDeadLetters } from './dead-letters.ts';
import { consumeOnce, drainConsumer, pendingEvents, type OnceConsumer } from './once-consumer.ts';
import {
  eventually,
  failsOn,
  keepLog,
  raise,
  raiseBroken,
  raiseMany,
  recorder,
  settled,
  startAtEnd,
} from './test/delivery-fixtures.ts';
import { WakeSignal } from './wake-signal.ts';

const numbered = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);

describe.each(databases)('poison events on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const atEnd = (consumer: OnceConsumer) => startAtEnd(database, consumer);

  /** Runs `consumer` until `done`; returns the counts and the log of its process. */
  const runUntil = async (consumer: OnceConsumer, done: () => boolean | Promise<boolean>) => {
    const telemetry = new Telemetry();
    const { logger, lines } = keepLog();
    const runner = new ConsumerRunner(database, [consumer], {
      logger,
      telemetry,
      pollMs: 2,
      wake: new WakeSignal(database),
    });
    runner.start();
    await eventually(done).toBe(true);
    await runner.stop();
    return { failures: telemetry.drain().eventFailures, lines };
  };

  it.each([
    ['at the head', ['p1']],
    ['in the middle', ['p30']],
    ['at the end', ['p60']],
    ['several, two side by side', ['p7', 'p41', 'p42']],
  ])('%s are set aside, and all others are handled in order', async (place, poison) => {
    const consumer = recorder(`poison ${place}`, failsOn(...poison));
    await atEnd(consumer);
    await raiseMany(database, 'p', 60);
    const isDone = async () => (await pendingEvents(database, consumer)) === 'none';
    const { failures, lines } = await runUntil(consumer, isDone);
    expect(consumer.seen).toEqual(numbered('p', 1, 60).filter((name) => !poison.includes(name)));
    const letters = await listDeadLetters(database, { consumer: consumer.name });
    expect(letters.map(({ payload }) => payload)).toEqual(poison.map((name) => ({ contentIds: [name] })));
    for (const letter of letters) {
      expect(letter).toMatchObject({ type: 'content.removed', version: 1, put_back_at: null });
      expect(letter.attempts).toBeGreaterThanOrEqual(3);
      expect(letter.last_failed_at.getTime()).toBeGreaterThanOrEqual(letter.first_failed_at.getTime());
      // Where it failed, and nothing of what it was about.
      expect(letter.failure).toMatch(/^Error at .*delivery-fixtures\.ts:\d+/);
      expect(letter.failure).not.toContain('cannot work');
    }
    expect(failures).toEqual([{ consumer: consumer.name, setAside: poison.length, skipped: 0 }]);
    const alarms = lines.filter((line) => line.includes('an event was set aside as a dead letter'));
    expect(alarms).toHaveLength(poison.length);
    expect(lines.join('')).not.toContain('cannot work');
    expect((await countDeadLetters(database)).get(consumer.name)).toBe(poison.length);
  });

  it('of a payload that breaks its contract are set aside at once, without the consumer', async () => {
    const consumer = recorder('broken contract');
    await atEnd(consumer);
    await raise(database, 'before');
    await raiseBroken(database);
    await raise(database, 'after');
    await settled(database);
    expect(await consumeOnce(database, consumer)).toBe(3);
    expect(consumer.seen).toEqual(['before', 'after']);
    const [letter, ...others] = await listDeadLetters(database, { consumer: consumer.name });
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ attempts: 1, payload: { contentIds: 'Ada' } });
    expect(letter?.failure).toBe('EventContractError: contentIds invalid_type');
  });

  it('of a newer release wait for a process that knows them', async () => {
    const consumer = recorder('newer release');
    await atEnd(consumer);
    await raise(database, 'old');
    await database.prisma.$executeRaw`
      INSERT INTO events.outbox (type, version, payload) VALUES ('content.removed', 2, '{"ids": []}')`;
    await settled(database);
    expect(await consumeOnce(database, consumer)).toBe(1);
    await expect(consumeOnce(database, consumer)).rejects.toThrow(
      'version 2 of content.removed is not known',
    );
    expect(await listDeadLetters(database, { consumer: consumer.name })).toEqual([]);
  });

  it('are handled once more when they are put back, by their own consumer alone', async () => {
    let isMended = false;
    const mendable = recorder('mendable', (names) => {
      if (!isMended) failsOn('m2', 'm3')(names);
    });
    const other = recorder('untroubled');
    await atEnd(mendable);
    await atEnd(other);
    await raise(database, 'm1', 'm2', 'm3', 'm4');
    await runUntil(mendable, () => mendable.seen.includes('m4'));
    await drainConsumer(database, other);
    expect(mendable.seen).toEqual(['m1', 'm4']);

    // Not mended yet: they fail once more and are dead again.
    expect(await putBackDeadLetters(database, 'mendable', 'all')).toBe(2);
    const isDeadAgain = async () =>
      (await listDeadLetters(database, { consumer: 'mendable' })).every(
        ({ attempts, put_back_at }) => attempts > 3 && put_back_at === null,
      );
    await runUntil(mendable, isDeadAgain);
    expect(mendable.seen).toEqual(['m1', 'm4']);

    isMended = true;
    const letters = await listDeadLetters(database, { consumer: 'mendable' });
    const ids = letters.map(({ id }) => id);
    expect(await putBackDeadLetters(database, 'mendable', ids.slice(0, 1))).toBe(1);
    await drainConsumer(database, mendable);
    expect(mendable.seen).toEqual(['m1', 'm4', 'm2']);
    expect(await putBackDeadLetters(database, 'mendable', ids)).toBe(1);
    await drainConsumer(database, mendable);
    expect(mendable.seen).toEqual(['m1', 'm4', 'm2', 'm3']);
    expect(await listDeadLetters(database, { consumer: 'mendable' })).toEqual([]);
    await drainConsumer(database, other);
    expect(other.seen).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('leave nothing of what the consumer wrote for them', async () => {
    await database.prisma.$executeRaw`CREATE TABLE applied (name TEXT NOT NULL)`;
    const consumer = recorder('writing', async (names, tx) => {
      await tx.$executeRaw`INSERT INTO applied SELECT unnest(${[...names]}::text[])`;
      failsOn('w3')(names);
    });
    await atEnd(consumer);
    await raise(database, 'w1', 'w2', 'w3', 'w4');
    await runUntil(consumer, () => consumer.seen.includes('w4'));
    const rows = await database.prisma.$queryRaw<{ name: string }[]>`SELECT name FROM applied ORDER BY name`;
    expect(rows.map(({ name }) => name)).toEqual(['w1', 'w2', 'w4']);
  });
});
