import type { Argv } from 'yargs';
import { exitCodes, type Command } from './command.ts';
import { register } from './register.ts';

/** `bouquet evaluate`: what a log says of what was not done. */
export const command: Command<object> = {
  builder: (yargs: Argv) => {
    register(
      yargs,
      'policy',
      'What another exploration policy would have earned, from the log of this one',
      () => import('./evaluate/policy.ts'),
    );
    return yargs
      .demandCommand(1, 'Name what to evaluate: policy')
      .example('$0 evaluate policy --log slates.jsonl --policy uniform', 'Exploring by chance alone')
      .epilogue(`The methods and when they refuse: docs/reference/off-policy-evaluation.md\n${exitCodes}`);
  },
  // The command above runs; without it the parser refuses.
  handler: () => Promise.resolve(),
};
