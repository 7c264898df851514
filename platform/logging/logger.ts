import { pino, type Logger } from 'pino';

export type { Logger };

/** Levels that `LOG_LEVEL` accepts, the quietest first. */
export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof logLevels)[number];

/** A JSON logger on standard error, so that standard output stays free for what a command prints. */
export function createLogger(level: LogLevel, name = 'bouquet'): Logger {
  return pino({ name, level, base: { pid: process.pid } }, pino.destination({ dest: 2, sync: false }));
}
