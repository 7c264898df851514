import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { deleteOldEvents } from './event-retention.ts';
import type { EveryConsumer } from './every-consumer.ts';
import { TailRunner } from './tail-runner.ts';
import {
  eventually,
  namesOf,
  raise,
  raiseBroken,
  raiseMany,
  settled,
  silent,
} from './test/delivery-fixtures.ts';
import { WakeSignal } from './wake-signal.ts';

interface Tail extends EveryConsumer {
  readonly seen: string[];
  gaps: number;
}

/** Keeps what it was given; `check` may throw. */
function tailOf(name: string, check: (names: readonly string[]) => void = () => undefined): Tail {
  const tail: Tail = {
    name,
    types: ['content.removed'],
    seen: [],
    gaps: 0,
    handle: (events) => {
      const names = namesOf(events);
      check(names);
      tail.seen.push(...names);
    },
    onGap: () => {
      tail.gaps++;
    },
  };
  return tail;
}

describe.each(databases)('events to every process on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const run = async (tails: readonly EveryConsumer[], pollMs = 5, on = database) => {
    const telemetry = new Telemetry();
    const runner = new TailRunner(on, tails, {
      logger: silent,
      telemetry,
      pollMs,
      wake: new WakeSignal(database),
    });
    await runner.open();
    return { runner, telemetry };
  };

  // Else an older transaction would have a test's last events come once more in the next one.
  beforeEach(() => settled(database));

  it('are told of as a gap where the database was away when they were opened, and come from then on', async () => {
    let isAway = true;
    const flaky: Database = {
      ...database,
      get prisma() {
        if (isAway) throw new Error('away');
        return database.prisma;
      },
    };
    const tail = tailOf('late');
    const { runner } = await run([tail], 5, flaky);
    await raise(database, 'missed');
    await settled(database);
    runner.start();
    isAway = false;
    await eventually(() => tail.gaps).toBe(1);
    await raise(database, 'heard');
    await eventually(() => tail.seen).toEqual(['heard']);
    expect(tail.gaps).toBe(1);
    await runner.stop();
  });

  it('each see all events from their start on, in order', async () => {
    await raise(database, 'before the start');
    await settled(database);
    const one = tailOf('one');
    const other = tailOf('other');
    const first = await run([one]);
    const second = await run([other]);
    // Between the opening and the start, as while a process loads.
    await raise(database, 'a');
    first.runner.start();
    second.runner.start();
    await raise(database, 'b', 'c');
    await eventually(() => [one.seen, other.seen]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    await first.runner.stop();
    await raise(database, 'd');
    await eventually(() => other.seen).toEqual(['a', 'b', 'c', 'd']);
    await second.runner.stop();
    expect(one.seen).toEqual(['a', 'b', 'c']);
    expect([one.gaps, other.gaps]).toEqual([0, 0]);
  });

  it('come at once after a commit of this process, however long the poll', async () => {
    const tail = tailOf('woken');
    const { runner } = await run([tail], 3_600_000);
    runner.start();
    await raise(database, 'a');
    await eventually(() => tail.seen).toEqual(['a']);
    await raise(database, 'b');
    await eventually(() => tail.seen.length).toBe(2);
    await runner.stop();
    expect(tail.seen).toEqual(['a', 'b']);
  });

  it('come in batches, more than one batch too', async () => {
    const sizes: number[] = [];
    const tail = tailOf('batches', (names) => {
      sizes.push(names.length);
    });
    const { runner } = await run([tail]);
    await raiseMany(database, 'n', 1200);
    runner.start();
    await eventually(() => tail.seen.length).toBe(1200);
    await runner.stop();
    expect(tail.seen).toEqual(Array.from({ length: 1200 }, (_, index) => `n${index + 1}`));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
  });

  it('come again after a failure', async () => {
    let tries = 0;
    const tail = tailOf('recovering', () => {
      tries++;
      if (tries < 3) throw new Error('not yet');
    });
    const { runner, telemetry } = await run([tail]);
    await raise(database, 'a', 'b');
    runner.start();
    await eventually(() => tail.seen).toEqual(['a', 'b']);
    await runner.stop();
    expect(tail.gaps).toBe(0);
    expect(telemetry.drain().eventFailures).toEqual([]);
  });

  it('are skipped alone where they fail for good; the consumer rebuilds, and others are not held up', async () => {
    const poisoned = tailOf('poisoned', (names) => {
      if (names.includes('poison')) throw new Error('cannot');
    });
    const healthy = tailOf('healthy');
    const { runner, telemetry } = await run([poisoned, healthy]);
    await raise(database, 'a', 'poison');
    await raiseBroken(database);
    await raise(database, 'b');
    runner.start();
    await eventually(() => healthy.seen).toEqual(['a', 'poison', 'b']);
    await eventually(() => [poisoned.seen, poisoned.gaps]).toEqual([['a', 'b'], 1]);
    await raise(database, 'c');
    await eventually(() => poisoned.seen).toEqual(['a', 'b', 'c']);
    await runner.stop();
    // The one that breaks its contract is skipped by both.
    const counts = telemetry.drain().eventFailures.toSorted((a, b) => a.skipped - b.skipped);
    expect(counts).toEqual([
      { consumer: 'healthy', setAside: 0, skipped: 1 },
      { consumer: 'poisoned', setAside: 0, skipped: 2 },
    ]);
  });

  it('that were deleted before they were read are told of as a gap, until the consumer has rebuilt', async () => {
    let rebuilds = 0;
    const tail = tailOf('behind');
    const { runner } = await run([
      {
        ...tail,
        onGap: () => {
          rebuilds++;
          if (rebuilds < 3) throw new Error('cannot rebuild yet');
        },
      },
    ]);
    await raise(database, 'lost');
    await settled(database);
    await deleteOldEvents(database, { retentionMs: -1000 });
    await raise(database, 'kept');
    runner.start();
    await eventually(() => rebuilds).toBe(3);
    await raise(database, 'next');
    await eventually(() => tail.seen).toEqual(['kept', 'next']);
    await runner.stop();
    expect(rebuilds).toBe(3);
  });

  it('are lost by nobody who is up to date when retention deletes', async () => {
    const tail = tailOf('up to date');
    const { runner } = await run([tail]);
    runner.start();
    await raise(database, 'a');
    await eventually(() => tail.seen).toEqual(['a']);
    await deleteOldEvents(database, { retentionMs: -1000 });
    await raise(database, 'b');
    await eventually(() => tail.seen).toEqual(['a', 'b']);
    await runner.stop();
    expect(tail.gaps).toBe(0);
  });
});
