import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { EventDelivery } from './event-delivery.ts';
import { eventually, namesOf, raise, recorder, silent } from './test/delivery-fixtures.ts';

describe.each(databases)('the delivery of events on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('runs both ways of delivery, measures the lag and clears what is old', async () => {
    const telemetry = new Telemetry();
    const once = recorder('once');
    const seen: string[] = [];
    await raise(database, 'old');
    await database.prisma.$executeRaw`UPDATE events.outbox SET created_at = now() - interval '500 days'`;
    const delivery = new EventDelivery(
      {
        config: { DATABASE_URL: undefined, DATABASE_DIRECT_URL: undefined },
        database,
        logger: silent,
        telemetry,
      },
      {
        once: [once],
        every: [
          {
            name: 'every',
            types: ['content.removed'],
            handle: (events) => {
              seen.push(...namesOf(events));
            },
            onGap: () => undefined,
          },
        ],
      },
    );
    await delivery.open();
    delivery.start();
    await raise(database, 'new');
    await eventually(() => once.seen.at(-1)).toBe('new');
    await eventually(() => seen).toEqual(['new']);
    await eventually(() => telemetry.drain().eventLag.map(({ consumer }) => consumer)).toEqual(['once']);
    await delivery.stop();
    await raise(database, 'after the end');
    expect(seen).toEqual(['new']);
    expect(once.seen).not.toContain('after the end');
  });
});
