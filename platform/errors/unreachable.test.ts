import { describe, expect, it } from 'vitest';
import { isUnreachable } from './unreachable.ts';

const withCode = (code: string): Error => Object.assign(new Error('what happened'), { code });

describe('isUnreachable', () => {
  it.each([
    ['a refused connection', withCode('ECONNREFUSED')],
    ['one that is cut', withCode('ECONNRESET')],
    ['a name that nobody knows for now', withCode('EAI_AGAIN')],
    ['each of several addresses', new AggregateError([withCode('ECONNREFUSED'), withCode('EHOSTUNREACH')])],
    ['a server that starts', withCode('57P03')],
    ['a failed connection', new Error('a', { cause: withCode('08006') })],
    ["the pool's deadline", new Error('timeout exceeded when trying to connect')],
    ["the driver's deadline", new Error('Connection terminated due to connection timeout')],
  ])('is true of %s', (_name, error) => {
    expect(isUnreachable(error)).toBe(true);
  });

  it.each([
    ['a refused password', withCode('28P01')],
    ['a database that does not exist', withCode('3D000')],
    ['a table that does not exist', withCode('42P01')],
    ['a changed migration', new Error('Migration a was changed after it had been applied.')],
    ['a text', 'timeout exceeded when trying to connect'],
  ])('is false of %s', (_name, error) => {
    expect(isUnreachable(error)).toBe(false);
  });
});
