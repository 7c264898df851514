import type { Argv } from 'yargs';
import { exitCodes, type Command } from '../command.ts';
import { register } from '../register.ts';

/** `bouquet experiments client-key`: what GrowthBook's SDKs name to read the features. */
export const command: Command<object> = {
  builder: (yargs: Argv) => {
    register(yargs, 'create', 'Make a client key and print it', () => import('./client-key/create.ts'));
    register(yargs, 'list', 'Print every client key', () => import('./client-key/list.ts'));
    register(
      yargs,
      'revoke <key>',
      'Refuse a client key from now on',
      () => import('./client-key/revoke.ts'),
    );
    return yargs
      .demandCommand(1, 'Name what to do with client keys: create, list or revoke')
      .example('$0 experiments client-key create --description "Web shop"', 'A key for one application')
      .example('$0 experiments client-key list', 'Which keys there are')
      .example('$0 experiments client-key revoke sdk-0aB3dE5fG7hI9jK1l', 'Refused by every server within 5 s')
      .epilogue(
        `A client key is no secret: it reads the features at /api/features/KEY and nothing else.\nHow SDKs use it: docs/how-to/assign-with-growthbook-sdk.md\n${exitCodes}`,
      );
  },
  // One of the commands above runs; without any the parser refuses.
  handler: () => Promise.resolve(),
};
