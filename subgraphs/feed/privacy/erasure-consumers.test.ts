import { describe, expect, it } from 'vitest';
import type { BouquetEvent } from '#platform/events/contracts.ts';
import { feedCacheConsumer } from './erasure-consumers.ts';

const requestId = '00000000-0000-4000-8000-000000000001';

const base = { id: 1n, createdAt: new Date() };

const cases: readonly { event: BouquetEvent; drops: readonly string[] }[] = [
  {
    event: { ...base, type: 'user.erased', payload: { requestId, userId: 'ada' } },
    drops: ['profile of ada', 'ada'],
  },
  // The erasure was complete before this process heard of it.
  {
    event: { ...base, type: 'user.erased', payload: { requestId, userId: null } },
    drops: ['all', 'all profiles'],
  },
  {
    event: { ...base, type: 'user.linked', payload: { anonymousSubject: 'anonymous:1', userId: 'ada' } },
    drops: ['ada', 'anonymous:1'],
  },
];

describe('the feeds that a process has in memory', () => {
  const dropped: string[] = [];
  const consumer = feedCacheConsumer(
    {
      refresh: (viewer) => {
        dropped.push(viewer);
        return Promise.resolve(true);
      },
      forgetAll: () => {
        dropped.push('all');
        return Promise.resolve();
      },
    },
    {
      forget: (subject) => dropped.push(`profile of ${subject}`),
      forgetAll: () => {
        dropped.push('all profiles');
        return Promise.resolve();
      },
    },
  );

  it.each(cases)('drop on $event.type: $drops', async ({ event, drops }) => {
    dropped.length = 0;
    await consumer.handle([event]);
    expect(dropped).toEqual(drops);
  });

  it('drop as a whole where events were missed', async () => {
    dropped.length = 0;
    await consumer.onGap();
    expect(dropped).toEqual(['all', 'all profiles']);
  });
});
