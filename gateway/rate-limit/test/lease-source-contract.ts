import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { LeaseRequest, LeaseSource } from '../lease-source.ts';

/** What every source has to do; `open` returns the sources of two processes that count together. */
export function itLeases(open: () => Promise<readonly [LeaseSource, LeaseSource]>): void {
  const request = (): LeaseRequest => ({ subject: `user:${randomUUID()}`, used: 0, wanted: 20, limit: 50 });

  it('grants what is wanted, and the rest at the edge', async () => {
    const [source] = await open();
    const asked = request();
    expect(await source.lease(asked)).toMatchObject({ granted: 20, remaining: 50 });
    expect(await source.lease({ ...asked, used: 20 })).toMatchObject({ granted: 20, remaining: 30 });
    expect(await source.lease({ ...asked, used: 15 })).toMatchObject({ granted: 15, remaining: 15 });
    expect(await source.lease({ ...asked, used: 15 })).toMatchObject({ granted: 0, remaining: 0 });
    expect(await source.lease({ ...asked, used: 3 })).toMatchObject({ granted: 0, remaining: 0 });
  });

  it('counts the processes together', async () => {
    const [one, other] = await open();
    const asked = request();
    await one.lease(asked);
    await one.lease({ ...asked, used: 20 });
    await other.lease(asked);
    expect(await other.lease({ ...asked, used: 18 })).toMatchObject({ granted: 12, remaining: 12 });
  });

  it('keeps subjects apart', async () => {
    const [source] = await open();
    await source.lease({ ...request(), used: 50 });
    expect(await source.lease(request())).toMatchObject({ granted: 20, remaining: 50 });
  });

  it('goes by the limit of the request, so that a raised one holds at once', async () => {
    const [source] = await open();
    const asked = request();
    await source.lease({ ...asked, used: 50 });
    expect(await source.lease(asked)).toMatchObject({ granted: 0 });
    expect(await source.lease({ ...asked, limit: 60 })).toMatchObject({ granted: 10, remaining: 10 });
  });

  it('tells when the hour that began with the first request ends', async () => {
    const [source] = await open();
    const asked = request();
    const { resetMs } = await source.lease(asked);
    expect(resetMs).toBeGreaterThan(3_590_000);
    expect(resetMs).toBeLessThanOrEqual(3_600_000);
    expect((await source.lease({ ...asked, used: 20 })).resetMs).toBeLessThanOrEqual(resetMs);
  });

  it('counts what is asked for at once', async () => {
    const [one, other] = await open();
    const asked = { ...request(), used: 1 };
    await Promise.all(Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? one : other).lease(asked)));
    expect(await one.lease({ ...asked, used: 0 })).toMatchObject({ remaining: 20 });
  });
}
