import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../platform/config/config.ts';
import { FolderLockedError } from '../platform/database/folder-lock.ts';
import { MigrationChangedError } from '../platform/database/migrate.ts';
import { EmbeddingError } from '../platform/embedder/embedding-error.ts';
import { CommandError, UsageError } from './command.ts';
import { explainError } from './explain-error.ts';

/** What `work` fails with. */
async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
}

function listen(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().unref();
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function connect(connectionString: string): Promise<unknown> {
  return new pg.Client({ connectionString }).connect();
}

describe('explainError', () => {
  it('gives wrong configuration one line per mistake and exit code 2', () => {
    expect(explainError(new ConfigError(['PORT: must be a number', 'HOST: must not be empty']), {})).toEqual({
      message: 'the configuration is wrong:\n  PORT: must be a number\n  HOST: must not be empty',
      exitCode: 2,
    });
    expect(explainError(new UsageError('Name the subgraph.'), {})).toEqual({
      message: 'Name the subgraph.',
      exitCode: 2,
    });
  });

  it('passes on what our own errors say, also as the cause of another', () => {
    for (const error of [
      new CommandError('3 lines were rejected.'),
      new EmbeddingError('REFUSED', 'The embeddings service answered 401: it refuses EMBEDDINGS_API_KEY.'),
      new FolderLockedError('/data', 42, '/data/socket'),
      new MigrationChangedError('20261124_content'),
    ]) {
      expect(explainError(error, {})).toEqual({ message: error.message, exitCode: 1 });
      expect(explainError(new Error('wrapped', { cause: error }), {}).message).toBe(error.message);
    }
  });

  it('names a port in use', async () => {
    const port = await listen(0, '127.0.0.1');
    const failure = await failureOf(() => listen(port, '127.0.0.1'));
    const { message, exitCode } = explainError(failure, {});
    expect(message).toBe(`port ${port} is in use: stop the program that has it, or set PORT to another.`);
    expect(exitCode).toBe(1);
    expect(explainError(failure, { ADMIN_PORT: String(port) }).message).toContain(
      'set ADMIN_PORT to another',
    );
  });

  it('names an address that the machine does not have', async () => {
    const { message } = explainError(await failureOf(() => listen(0, '192.0.2.1')), {});
    expect(message).toContain('192.0.2.1');
    expect(message).toContain('HOST');
  });

  it('names a database that does not answer, without its password', async () => {
    const url = 'postgresql://someone:s3cret@127.0.0.1:1/shop';
    const explained = explainError(await failureOf(() => connect(url)), { DATABASE_URL: url });
    expect(explained).toEqual({
      message:
        'the database 127.0.0.1:1/shop does not answer (ECONNREFUSED): start it, or correct DATABASE_URL.',
      exitCode: 1,
    });
  });

  it.each([
    ['28P01', 'refuses the user or the password'],
    ['28000', 'refuses the user or the password'],
    ['3D000', 'does not exist'],
    ['42501', 'denies a right'],
    ['53300', 'no connection left'],
  ])('explains SQLSTATE %s', (code, expected) => {
    const error = Object.assign(new Error('driver text'), { code });
    const { message } = explainError(new Error('wrapped', { cause: error }), {
      DATABASE_URL: 'postgresql://u:s3cret@db.example:5433/shop',
    });
    expect(message).toContain(expected);
    expect(message).toContain('db.example:5433/shop');
    expect(message).not.toContain('s3cret');
  });

  it('names a file that cannot be written', async () => {
    const error = await failureOf(async () => writeFileSync('/dev/null/lock.json', ''));
    expect(explainError(error, {}).message).toContain('/dev/null/lock.json cannot be written');
  });

  it('tells an unforeseen error by its message, with the stack only at debug level, never with a password', () => {
    const error = new Error('cannot parse postgresql://u:s3cret@db.example/shop');
    const short = explainError(error, {});
    expect(short.message).toBe(
      'this was not expected: cannot parse postgresql://db.example/shop (LOG_LEVEL=debug shows where.)',
    );
    const long = explainError(error, { LOG_LEVEL: 'debug' });
    expect(long.message).toContain('explain-error.test.ts');
    expect(long.message).not.toContain('s3cret');
    expect(long.exitCode).toBe(1);
    expect(explainError('a string', {}).message).toContain('a string');
  });
});
