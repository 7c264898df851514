import type { ArgumentsCamelCase, Argv } from 'yargs';

/**
 * One command of `bouquet`, exported as `command` by its file. The name and the summary stand in `main.ts`, which
 * loads the file only when the command is asked for; a file still imports what is heavy (database, gateway) inside
 * `handler`, so that `bouquet NAME --help` is fast.
 */
export interface Command<TOptions> {
  /** Positional arguments and options, each with a `describe`; examples; the exit codes as epilogue. */
  builder(yargs: Argv): Argv<TOptions>;
  /**
   * Does the work. A thrown error becomes one sentence on standard error and an exit code, by `explain-error.ts`; a
   * command with an exit code of its own sets `process.exitCode`.
   */
  handler(options: ArgumentsCamelCase<TOptions>): Promise<void>;
}

/** A mistake in how a command was called, other than those that the parser finds; the command exits with 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Work that failed in a way that the message says in full, such as rejected input; the command exits with 1. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}

/** What every command's exit code means; the last lines of its help. */
export const exitCodes = 'Exit codes: 0 done, 1 failed, 2 wrong option or configuration.';
