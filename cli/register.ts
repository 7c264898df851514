import type { Argv } from 'yargs';
import type { Command } from './command.ts';

/** Adds a command whose file is loaded when the command, or its help, is asked for. */
export function register<TOptions>(
  cli: Argv,
  name: string,
  summary: string,
  load: () => Promise<{ command: Command<TOptions> }>,
): void {
  cli.command<TOptions>(
    name,
    summary,
    async (options) => (await load()).command.builder(options),
    async (options) => (await load()).command.handler(options),
  );
}
