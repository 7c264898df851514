import { describe, expect, it } from 'vitest';
import { UsageError } from './command.ts';
import { parseDuration, parseMoment } from './duration.ts';
import { keyIdOf } from './keys/key-id.ts';

const now = Date.UTC(2026, 10, 25);

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text, '--overlap')).toBe(ms));

  it.each(['', '24', 'h', '-1h', '1.5h', '1 h', '1w', '9999999d'])(
    'refuses %j and names the option',
    (text) => {
      expect(() => parseDuration(text, '--overlap')).toThrow(UsageError);
      expect(() => parseDuration(text, '--overlap')).toThrow('--overlap');
    },
  );
});

describe('parseMoment', () => {
  it.each([
    ['1d', '2026-11-26T00:00:00.000Z'],
    ['2027-06-30', '2027-06-30T00:00:00.000Z'],
    ['2027-06-30T12:00', '2027-06-30T12:00:00.000Z'],
    ['2027-06-30T12:00:00+02:00', '2027-06-30T10:00:00.000Z'],
  ])('%s is %s', (text, iso) => expect(parseMoment(text, '--expires', now).toISOString()).toBe(iso));

  it.each(['0', '2026-11-25', '2020-01-01', '2027-13-01', 'tomorrow', '30.06.2027'])('refuses %j', (text) => {
    expect(() => parseMoment(text, '--expires', now)).toThrow(UsageError);
  });
});

describe('keyIdOf', () => {
  it.each([
    ['0aB3dE5fG7h', '0aB3dE5fG7h'],
    ['bq_live_0aB3dE5fG7h', '0aB3dE5fG7h'],
    ['bq_live_0aB3dE5fG7h_secret', '0aB3dE5fG7h'],
  ])('finds the public id in %s', (text, id) => expect(keyIdOf(text)).toBe(id));
});
