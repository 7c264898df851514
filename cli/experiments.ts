import type { Argv } from 'yargs';
import { exitCodes, type Command } from './command.ts';
import { register } from './register.ts';

/** `bouquet experiments`: what goes with experiments beside the GraphQL API, which defines and starts them. */
export const command: Command<object> = {
  builder: (yargs: Argv) => {
    register(
      yargs,
      'client-key',
      'Make, list and revoke the keys of GrowthBook SDKs',
      () => import('./experiments/client-key.ts'),
    );
    return yargs
      .demandCommand(1, 'Name what to do with experiments: client-key')
      .example('$0 experiments client-key create --description "Web shop"', 'A key for an SDK')
      .epilogue(`Defining, starting and stopping: docs/reference/experiments.md\n${exitCodes}`);
  },
  // One of the commands above runs; without any the parser refuses.
  handler: () => Promise.resolve(),
};
