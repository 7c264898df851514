import { describe, expect, it } from 'vitest';
import { KeyedLock } from './keyed-lock.ts';

describe('KeyedLock', () => {
  it('runs work under one key one after the other, in the order of the calls', async () => {
    const lock = new KeyedLock();
    const log: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => lock.run('key', work(name))));
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('does not keep other keys waiting', async () => {
    const lock = new KeyedLock();
    const gate = Promise.withResolvers<string>();
    const held = lock.run('held', () => gate.promise);
    expect(await lock.run('free', () => Promise.resolve('done'))).toBe('done');
    gate.resolve('released');
    expect(await held).toBe('released');
  });

  it('lets the next one in after a failure, which only its own caller hears of', async () => {
    const lock = new KeyedLock();
    const failed = lock.run('key', () => Promise.reject(new Error('broken')));
    const next = lock.run('key', () => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await lock.run('key', () => Promise.resolve('again'))).toBe('again');
  });
});
