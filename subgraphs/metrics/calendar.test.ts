import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Calendar } from './calendar.ts';

const startsOf = (timeZone: string, now: string, count: number): string[] =>
  new Calendar(timeZone).dayStarts(new Date(now), count).map((start) => start.toISOString());

describe('Calendar', () => {
  it('begins days at midnight UTC', () => {
    expect(startsOf('UTC', '2026-11-24T10:00:00Z', 2)).toEqual([
      '2026-11-22T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z',
      '2026-11-24T00:00:00.000Z',
    ]);
  });

  it('knows zones of half and quarter hours and of the far ends', () => {
    expect(startsOf('Asia/Kolkata', '2026-11-24T18:30:00Z', 0)).toEqual(['2026-11-24T18:30:00.000Z']);
    expect(startsOf('Asia/Kolkata', '2026-11-24T18:29:59Z', 0)).toEqual(['2026-11-23T18:30:00.000Z']);
    expect(startsOf('Asia/Kathmandu', '2026-11-24T12:00:00Z', 0)).toEqual(['2026-11-23T18:15:00.000Z']);
    expect(startsOf('Pacific/Kiritimati', '2026-11-24T12:00:00Z', 0)).toEqual(['2026-11-24T10:00:00.000Z']);
    expect(startsOf('Pacific/Pago_Pago', '2026-11-24T10:59:59Z', 0)).toEqual(['2026-11-23T11:00:00.000Z']);
  });

  it('has days of 23 and 25 hours where the clock changes', () => {
    expect(startsOf('Europe/Vienna', '2026-03-30T12:00:00Z', 2)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    expect(startsOf('America/New_York', '2026-11-02T12:00:00Z', 2)).toEqual([
      '2026-10-31T04:00:00.000Z',
      '2026-11-01T04:00:00.000Z',
      '2026-11-02T05:00:00.000Z',
    ]);
  });

  it('begins a day without a midnight at one', () => {
    // In Cairo the clock goes from 23:59:59 of Thursday to 01:00 of the last Friday in April.
    expect(startsOf('Africa/Cairo', '2026-04-24T12:00:00Z', 1)).toEqual([
      '2026-04-22T22:00:00.000Z',
      '2026-04-23T22:00:00.000Z',
    ]);
  });

  it('refuses what is no IANA zone', () => {
    for (const timeZone of ['', 'Mars/Olympus', '+05:30', 'Europe/Vienna; DROP TABLE x']) {
      expect(() => new Calendar(timeZone)).toThrow(/IANA/);
    }
  });

  it('finds for any zone and time a start that is the first quarter of the local date', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const times = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...zones), times, (timeZone, now) => {
        const [start] = new Calendar(timeZone).dayStarts(now, 0);
        const dateOf = (time: number): string => new Date(time).toLocaleDateString('en-CA', { timeZone });
        const time = start?.getTime() ?? Number.NaN;
        expect(time).toBeLessThanOrEqual(now.getTime());
        expect(dateOf(time)).toBe(dateOf(now.getTime()));
        expect(dateOf(time - 1)).not.toBe(dateOf(now.getTime()));
      }),
      { numRuns: 300 },
    );
  });
});
