import type { Argv } from 'yargs';
import { exitCodes, type Command } from './command.ts';
import { register } from './register.ts';

/** `bouquet slates`: the log of the pages that were served. */
export const command: Command<object> = {
  builder: (yargs: Argv) => {
    register(
      yargs,
      'export',
      'Write the slate log with its outcomes, as JSON lines',
      () => import('./slates/export.ts'),
    );
    return yargs
      .demandCommand(1, 'Name what to do with slates: export')
      .example('$0 slates export --since 2026-10-01 --out slates.jsonl', 'What was served since then')
      .epilogue(`What a line has: docs/reference/slate-log.md\n${exitCodes}`);
  },
  // The command above runs; without it the parser refuses.
  handler: () => Promise.resolve(),
};
