import type { Argv } from 'yargs';
import { exitCodes, type Command } from './command.ts';
import { register } from './register.ts';

/** `bouquet keys`: the API keys of partners, dashboards and other machines. */
export const command: Command<object> = {
  builder: (yargs: Argv) => {
    register(yargs, 'create', 'Make a key and print it, this once', () => import('./keys/create.ts'));
    register(yargs, 'list', 'Print every key, without secrets', () => import('./keys/list.ts'));
    register(
      yargs,
      'rotate <id>',
      'Give a key a new secret and print it, this once',
      () => import('./keys/rotate.ts'),
    );
    register(yargs, 'revoke <id>', 'Refuse a key from now on', () => import('./keys/revoke.ts'));
    return yargs
      .demandCommand(1, 'Name what to do with keys: create, list, rotate or revoke')
      .example(
        '$0 keys create --name "Atelier Rose" --scope partner --vendor vendor-7',
        'A key for a partner',
      )
      .example('$0 keys list', 'Which keys there are, and when each was last used')
      .example('$0 keys rotate 0aB3dE5fG7h --overlap 2h', 'The old secret counts for two more hours')
      .example('$0 keys revoke 0aB3dE5fG7h', 'Refused by every server within 5 s')
      .epilogue(`Who is who, scopes and rotation: docs/reference/callers.md\n${exitCodes}`);
  },
  // One of the commands above runs; without any the parser refuses.
  handler: () => Promise.resolve(),
};
