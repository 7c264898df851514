import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { createLogger } from '../logging/logger.ts';
import type { BouquetEvent } from './contracts.ts';
import { ConsumerRunner } from './consumer-runner.ts';
import { consumeOnce, drainConsumer, type OnceConsumer } from './once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from './outbox.ts';
import { settled } from './test/delivery-fixtures.ts';
import { WakeSignal } from './wake-signal.ts';

function collector(name: string): OnceConsumer & { readonly seen: string[] } {
  const seen: string[] = [];
  return {
    name,
    seen,
    types: ['content.removed'],
    handle: (_tx, events) => {
      seen.push(...idsOf(events));
      return Promise.resolve();
    },
  };
}

function idsOf(events: readonly BouquetEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'content.removed' ? event.payload.contentIds : []));
}

describe.each(databases)('outbox on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const remove = (id: string): Promise<void> =>
    inTransactionWithEvents(database, (tx) => appendEvent(tx, 'content.removed', { contentIds: [id] }));

  it('delivers each event once and in order', async () => {
    const consumer = collector('ordered');
    await remove('a');
    await remove('b');
    await drainConsumer(database, consumer);
    await remove('c');
    await drainConsumer(database, consumer);
    expect(consumer.seen).toEqual(['a', 'b', 'c']);
    expect(await consumeOnce(database, consumer)).toBe(0);
  });

  it('delivers nothing of a transaction that rolled back', async () => {
    const consumer = collector('rolled-back');
    await drainConsumer(database, consumer);
    consumer.seen.length = 0;
    await expect(
      inTransactionWithEvents(database, async (tx) => {
        await appendEvent(tx, 'content.removed', { contentIds: ['never'] });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await drainConsumer(database, consumer);
    expect(consumer.seen).toEqual([]);
  });

  it('moves the cursor and the work together, so a failed batch comes again', async () => {
    const attempts: string[][] = [];
    const consumer: OnceConsumer = {
      name: 'failing-once',
      types: ['content.removed'],
      handle: (_tx, events) => {
        attempts.push(idsOf(events));
        return attempts.length === 1 ? Promise.reject(new Error('first try fails')) : Promise.resolve();
      },
    };
    await remove('d');
    await settled(database);
    await expect(consumeOnce(database, consumer)).rejects.toThrow('first try fails');
    await consumeOnce(database, consumer);
    expect(attempts).toHaveLength(2);
    expect(attempts[1]).toEqual(attempts[0]);
  });

  it('wakes who waits for a type that was committed, and everybody where the type is not known', async () => {
    const wake = new WakeSignal(database);
    const woken: string[] = [];
    wake.subscribe(['content.removed', 'model.trained'], () => woken.push('removals'));
    wake.subscribe(['user.erased'], () => woken.push('erasures'));
    await remove('of interest to one');
    expect(woken).toEqual(['removals']);
    await inTransactionWithEvents(database, () => Promise.resolve());
    expect(woken).toEqual(['removals']);
    wake.wake(null);
    expect(woken).toEqual(['removals', 'removals', 'erasures']);
    wake.close();
    await remove('of interest to nobody any more');
    expect(woken).toHaveLength(3);
  });

  it('lets events gather until the poll for a consumer that says so', async () => {
    const prompt = collector('prompt');
    const gathering = { ...collector('gathering'), gathers: true };
    const logger = createLogger('silent');
    const run = (consumer: OnceConsumer, pollMs: number) => {
      const runner = new ConsumerRunner(database, [consumer], {
        logger,
        pollMs,
        wake: new WakeSignal(database),
      });
      runner.start();
      return runner;
    };
    await drainConsumer(database, prompt);
    await drainConsumer(database, gathering);
    const asleep = [run(prompt, 3_600_000), run(gathering, 3_600_000)];
    // Until their first looks are over, after which only wake-ups are left.
    let statements = -1;
    await expect
      .poll(() => statements === (statements = database.timer.statements), { timeout: 10_000, interval: 200 })
      .toBe(true);
    await remove('for both');
    await expect.poll(() => prompt.seen, { timeout: 10_000 }).toContain('for both');
    expect(gathering.seen).not.toContain('for both');
    await Promise.all(asleep.map((runner) => runner.stop()));

    const polling = run(gathering, 20);
    await expect.poll(() => gathering.seen, { timeout: 10_000 }).toContain('for both');
    await polling.stop();
  });

  it('wakes a running consumer on commit and gives every event to one of two runners', async () => {
    const first = collector('shared');
    const second = { ...collector('shared') };
    const logger = createLogger('silent');
    const runners = [first, second].map(
      (consumer) =>
        new ConsumerRunner(database, [consumer], { logger, pollMs: 50, wake: new WakeSignal(database) }),
    );
    for (const runner of runners) runner.start();
    const ids = Array.from({ length: 20 }, (_, index) => `shared-${index}`);
    await Promise.all(ids.map((id) => remove(id)));
    await expect
      .poll(() => [...first.seen, ...second.seen].filter((id) => id.startsWith('shared-')).toSorted(), {
        timeout: 10_000,
      })
      .toEqual(ids.toSorted());
    await Promise.all(runners.map((runner) => runner.stop()));
  });
});
