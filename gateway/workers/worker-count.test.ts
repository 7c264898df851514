import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '#platform/config/config.ts';
import { workerCount } from './worker-count.ts';

const postgres = { DATABASE_URL: 'postgresql://db/bouquet' };
const production = {
  NODE_ENV: 'production',
  CURSOR_SIGNING_KEYS: Buffer.alloc(32, 7).toString('base64'),
};

describe('the number of workers', () => {
  it.each([
    [{}, 1],
    [{ WORKERS: '3' }, 3],
    [{ WORKERS: '' }, 1],
    [{ WORKERS: 'auto' }, 8],
    [postgres, 1],
    [production, 1],
    [{ ...production, ...postgres }, 8],
    [{ ...production, ...postgres, WORKERS: '2' }, 2],
  ])('of %j on 8 processors is %d', (environment, count) => {
    expect(workerCount(readConfig(environment), 8)).toBe(count);
  });

  it.each(['0', '-1', '1.5', '65', 'many'])('refuses WORKERS=%s', (WORKERS) => {
    expect(() => readConfig({ WORKERS })).toThrow(ConfigError);
  });
});
