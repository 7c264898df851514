import { readFileSync } from 'node:fs';
import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { loggedError } from './logged-error.ts';
import { createLogger } from './logger.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It has not thrown.');
}

describe('an error in a log line', () => {
  it('keeps the message of what our own code throws, and its place', () => {
    expect(loggedError(new RangeError('There are 1 to 4 threads.'))).toEqual({
      type: 'RangeError',
      message: 'There are 1 to 4 threads.',
      stack: expect.arrayContaining([expect.stringMatching(/logged-error\.test\.ts:\d+:\d+/)]),
    });
    const wrong: unknown = JSON.parse('{"title":null}');
    const mistake = thrownBy(() => z.object({ title: z.any() }).parse(wrong).title.length);
    expect(loggedError(mistake)).toMatchObject({
      type: 'TypeError',
      message: expect.stringMatching(/length/),
    });
  });

  it.each([
    ['a parser', () => JSON.parse('ada@example.com')],
    ['a validator', () => z.enum(['a']).parse('ada@example.com', { reportInput: true })],
    ['a library', () => parse('{ ada "ada@example.com" }')],
    ['a call of Node', () => readFileSync(`ada@example.com\u0000`)],
    ['the runtime', () => new URL('ada@example.com')],
    ['a conversion', () => BigInt('ada@example.com')],
  ])('drops the message of %s, and keeps the place', (_what, work) => {
    const logged = loggedError(thrownBy(work));
    expect(JSON.stringify(logged)).not.toContain('ada');
    expect(logged.stack?.length).toBeGreaterThan(0);
  });

  it('drops a message that looks like a stack', () => {
    const forged = '\n    at ada (file:///ada@example.com:1:1)\n    at ada (/ada@example.com:1:1)';
    const error = thrownBy(() => JSON.parse(forged));
    expect(JSON.stringify(loggedError(error))).not.toContain('ada');
  });

  it('tells causes and codes, whatever is thrown', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' });
    expect(loggedError(new AggregateError([cause], 'all failed'))).toMatchObject({
      type: 'AggregateError',
      causes: [{ type: 'Error', codes: ['ECONNREFUSED', 'connect'] }],
    });
    expect(loggedError(new GraphQLError('x', { originalError: cause })).causes).toHaveLength(1);
    expect(loggedError('ada')).toEqual({ type: 'thrown string' });
    expect(loggedError(undefined)).toEqual({ type: 'thrown undefined' });
  });

  it('is written so by the logger', () => {
    let written = '';
    const logger = createLogger('error', { write: (line) => void (written += line) });
    logger.error({ err: thrownBy(() => JSON.parse('ada@example.com')) }, 'it failed');
    expect(JSON.parse(written)).toMatchObject({ msg: 'it failed', err: { type: 'SyntaxError' } });
    expect(written).not.toContain('ada');
  });
});

// The embedded database speaks the same protocol by the same driver; test/attacks/logs.full.test.ts has both.
const servers = databases.filter(({ kind }) => kind === 'postgresql');

describe.each(servers)('an error of $kind in a log line', ({ open }) => {
  it('tells what is to blame, and nothing of the row', async () => {
    const database: Database = await open();
    const failures = [
      () => database.prisma.feedProfile.create({ data: { subject: 'ada' } }),
      () => database.prisma.$executeRaw`INSERT INTO feed.profile (subject) VALUES (${'ada'})`,
      () => database.pool.query('INSERT INTO feed.profile (subject) VALUES ($1)', ['ada']),
      () => database.pool.query('SELECT $1::uuid', ['ada']),
    ];
    await database.prisma.feedProfile.create({ data: { subject: 'ada' } });
    for (const fail of failures) {
      const logged = loggedError(await fail().catch((error: unknown) => error));
      expect(JSON.stringify(logged)).toMatch(/23505|P2002|22P02/);
      expect(JSON.stringify(logged)).not.toMatch(/\bada\b/);
    }
    await database.close();
  });
});
