import { ConfigError } from '../platform/config/config.ts';
import { CommandError, UsageError } from './command.ts';

export interface Explanation {
  /** For the person at the terminal; holds no secret. */
  readonly message: string;
  /** 2 for a wrong option or configuration, else 1. */
  readonly exitCode: 1 | 2;
}

/**
 * Says what an error means and what to do about it. An error that nobody foresaw is told by its own message, and with
 * its stack where `LOG_LEVEL` asks for that much.
 */
export function explainError(error: unknown, environment: NodeJS.ProcessEnv): Explanation {
  const foreseen = explainUsage(error) ?? explainWork(error, environment);
  if (foreseen !== null) return { ...foreseen, message: withoutPasswords(foreseen.message) };
  const verbose = environment['LOG_LEVEL'] === 'debug' || environment['LOG_LEVEL'] === 'trace';
  const text = error instanceof Error ? error.message : String(error);
  const detail = verbose
    ? `\n${error instanceof Error ? error.stack : ''}`
    : ' (LOG_LEVEL=debug shows where.)';
  return { message: withoutPasswords(`this was not expected: ${text}${detail}`), exitCode: 1 };
}

function explainUsage(error: unknown): Explanation | null {
  if (error instanceof ConfigError) {
    return { message: ['the configuration is wrong:', ...error.problems].join('\n  '), exitCode: 2 };
  }
  return error instanceof UsageError ? { message: error.message, exitCode: 2 } : null;
}

/** Errors by name, so that this file does not load the database for a command that does not touch it. */
const plainErrors = new Set([
  CommandError.name,
  'AliasTakenError',
  'EmbeddingError',
  'FolderLockedError',
  'MigrationChangedError',
]);

function explainWork(error: unknown, environment: NodeJS.ProcessEnv): Explanation | null {
  // A worker has explained it already.
  if (error instanceof Error && error.name === 'WorkerStartError')
    return { message: error.message, exitCode: 'exitCode' in error && error.exitCode === 2 ? 2 : 1 };
  for (const cause of causesOf(error)) {
    if (plainErrors.has(cause.name)) return { message: cause.message, exitCode: 1 };
    const message = explainCode(cause, environment);
    if (message !== null) return { message, exitCode: 1 };
  }
  return null;
}

/** SQLSTATE and system error codes. */
function explainCode(error: Error, environment: NodeJS.ProcessEnv): string | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'EADDRINUSE':
      return `port ${portOf(error)} is in use: stop the program that has it, or set ${portVariable(error, environment)} to another.`;
    case 'EADDRNOTAVAIL':
      return `this machine does not have the address ${addressOf(error)}: set HOST to one that it has.`;
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
      return unreachableDatabase(code, environment);
    case '28P01':
    case '28000':
      return `${databaseOf(environment)} refuses the user or the password: correct DATABASE_URL.`;
    case '3D000':
      return `${databaseOf(environment)} does not exist: create it, or correct DATABASE_URL.`;
    case '42501':
      return `${databaseOf(environment)} denies a right that is needed (${error.message}).`;
    case '53300':
      return `${databaseOf(environment)} has no connection left: lower DATABASE_POOL_SIZE, or raise its max_connections.`;
    case 'EACCES':
      return portOf(error) === null
        ? fileProblem(error, code)
        : `port ${portOf(error)} needs more rights than this user has: set ${portVariable(error, environment)} to one above 1023.`;
    case 'EPERM':
    case 'EROFS':
    case 'ENOSPC':
    case 'ENOTDIR':
      return fileProblem(error, code);
    default:
      // The pool's own timeout has no code.
      return error.message.startsWith('timeout exceeded when trying to connect')
        ? unreachableDatabase('timeout', environment)
        : null;
  }
}

function unreachableDatabase(why: string, environment: NodeJS.ProcessEnv): string | null {
  if (!environment['DATABASE_URL']) return null;
  return `${databaseOf(environment)} does not answer (${why}): start it, or correct DATABASE_URL.`;
}

/** Host, port and name of the database, never its user or password. */
function databaseOf(environment: NodeJS.ProcessEnv): string {
  const url = URL.parse(environment['DATABASE_URL'] ?? '');
  return url === null ? 'the database' : `the database ${url.host}${url.pathname}`;
}

function fileProblem(error: Error, code: string): string | null {
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null;
  if (path === null) return null;
  const reason =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'ENOTDIR'
        ? 'it is not a folder'
        : 'that is not permitted';
  return `${path} cannot be written, ${reason}: set DATA_DIR to a folder of yours.`;
}

function portOf(error: Error): number | null {
  return 'port' in error && typeof error.port === 'number' ? error.port : null;
}

function portVariable(error: Error, environment: NodeJS.ProcessEnv): 'PORT' | 'ADMIN_PORT' {
  const port = String(portOf(error));
  return environment['ADMIN_PORT'] === port && environment['PORT'] !== port ? 'ADMIN_PORT' : 'PORT';
}

function addressOf(error: Error): string {
  return 'address' in error && typeof error.address === 'string' ? error.address : 'that HOST names';
}

/** The error, then what caused it, then what caused that; of an aggregate its first error too. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  let next = error;
  while (next instanceof Error && !causes.includes(next)) {
    causes.push(next);
    if (next instanceof AggregateError && next.errors[0] instanceof Error) causes.push(next.errors[0]);
    next = next.cause;
  }
  return causes;
}

/** A driver may quote the URL that it was given. */
function withoutPasswords(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^\s/@]+@/g, '$1');
}
