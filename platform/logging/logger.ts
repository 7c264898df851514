import { pino, type DestinationStream, type Logger } from 'pino';
import { loggedError } from './logged-error.ts';

export type { Logger };

/** Levels that `LOG_LEVEL` accepts, the quietest first: those that the gateway's library knows, which reads it too. */
export const logLevels = ['error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof logLevels)[number] | 'silent';

/**
 * A JSON logger on standard error, so that standard output stays free for what a command prints. Of an error under `err`
 * it writes what `loggedError` lets through.
 */
export function createLogger(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: false }),
): Logger {
  return pino(
    { name: 'bouquet', level, base: { pid: process.pid }, serializers: { err: loggedError } },
    destination,
  );
}
