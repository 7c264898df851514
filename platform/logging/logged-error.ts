import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorChain, type ErrorTraits } from '../errors/error-chain.ts';

/** An error as a log line holds it: enough to find the place, and nothing of what callers have sent. */
export interface LoggedError {
  readonly type: string;
  /** Only of an error that our own code has thrown. */
  readonly message?: string;
  /** SQLSTATE, and codes of Node, Prisma or HTTP. */
  readonly codes?: readonly (string | number)[];
  /** What PostgreSQL blames: a table, a column, a constraint. */
  readonly blamed?: readonly string[];
  readonly stack?: readonly string[];
  readonly causes?: readonly LoggedError[];
}

const root = join(import.meta.dirname, '../..') + sep;

/** Errors, by name, that speak in words of ours where our code throws them; libraries have classes or codes of their own. */
const wordedErrors = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'DamagedEmbeddingError',
  'EmbeddingError',
  'EventContractError',
  'KeySetUnavailableError',
  'LanguageModelError',
  'MissingCollectionError',
  'TaskCancelledError',
  'UnansweredError',
  'VectorIndexError',
  'WorkerStartError',
]);

/** The file of a line of a stack. */
const frame = /^ {4}at (?:[^()\n]*\()?(file:\/\/\/[^()\n]*|node:[^()\n]*|\/[^()\n]*):\d+:\d+\)?$/;

/**
 * Returns what may be logged of `error` and its causes. A database quotes the row in its message, a parser the text and a
 * validator the value, so a message is left out unless Bouquet's own code has worded it, which quotes none of these. Where
 * an error was made is not enough to tell: libraries leave themselves out of their stacks.
 */
export function loggedError(error: unknown): LoggedError {
  const [outermost, ...causes] = errorChain(error).map(loggedTraits);
  if (outermost === undefined) return { type: `thrown ${typeof error}` };
  return causes.length === 0 ? outermost : { ...outermost, causes };
}

function loggedTraits(traits: ErrorTraits): LoggedError {
  const { name = 'unnamed', message = '', code, originalCode, kind, status, syscall } = traits;
  const frames = framesOf(traits.stack ?? '', message);
  const codes = [code, originalCode, kind, status, syscall].filter((each) => each !== undefined);
  const blamed = [traits.table, traits.column, traits.constraint].filter((each) => each !== undefined);
  return {
    type: name,
    ...(wordedErrors.has(name) && code === undefined && isOurs(frames[0]) ? { message } : {}),
    ...(codes.length === 0 ? {} : { codes }),
    ...(blamed.length === 0 ? {} : { blamed }),
    ...(frames.length === 0 ? {} : { stack: frames.map((line) => line.trim()) }),
  };
}

/** The lines of a stack that name places. A message that looks like one is taken off first, as it stands before them. */
function framesOf(stack: string, message: string): string[] {
  const lines = (message === '' ? stack : stack.replace(message, () => '')).split('\n');
  return lines.slice(lines.findLastIndex((line) => !line.startsWith('    at ')) + 1);
}

/** Whether what was thrown there is worded by a file of this repository. */
function isOurs(innermost: string | undefined): boolean {
  const place = frame.exec(innermost ?? '')?.[1];
  if (place === undefined || place.startsWith('node:')) return false;
  const file = place.startsWith('file:') ? fileURLToPath(place) : place;
  return file.startsWith(root) && !/(^|[/\\])(node_modules|generated)[/\\]/.test(file.slice(root.length));
}
