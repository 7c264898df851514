import type { Argv } from 'yargs';
import { exitCodes, UsageError, type Command } from './command.ts';

const roles = ['gateway', 'subgraph'] as const;
const names = ['content', 'feed', 'experiments', 'metrics'] as const;

interface StartArguments {
  role: (typeof roles)[number] | undefined;
  name: (typeof names)[number] | undefined;
  seed: boolean;
}

/** `bouquet start`: everything in one process or its workers, or one role of a distributed installation. */
export const command: Command<StartArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .positional('role', {
        choices: roles,
        describe: 'Run one role of a distributed installation; without it everything runs in one place',
      })
      .positional('name', { choices: names, describe: 'Which subgraph, after `subgraph`' })
      .option('seed', {
        type: 'boolean',
        default: true,
        describe: 'Fill an empty marketplace with generated data (all-in-one in development only)',
      })
      .example('$0 start', 'Everything in one process, on the embedded database')
      .example('PORT=8080 DATA_DIR=/var/lib/bouquet $0 start', 'Another port and data folder')
      .example('WORKERS=4 ADMIN_PORT=9100 $0 start', 'In four processes, with metrics on a port of their own')
      .example('PORT=4001 $0 start subgraph feed', 'The feed subgraph alone, over HTTP')
      .example(
        'SUBGRAPH_FEED_URL=http://127.0.0.1:4001/graphql $0 start gateway',
        'The gateway in front of it',
      )
      .epilogue(`Variables: docs/reference/configuration.md\n${exitCodes}`),
  handler: async ({ role, name, seed }) => {
    if (role === 'subgraph' && name === undefined) {
      throw new UsageError(`Name the subgraph: bouquet start subgraph ${names.join('|')}`);
    }
    if (role !== 'subgraph' && name !== undefined) {
      throw new UsageError(`Only a subgraph takes a name: bouquet start subgraph ${name}`);
    }
    const { serve } = await import('./start/serve.ts');
    if (role === 'subgraph' && name !== undefined) await serve({ kind: 'subgraph', name });
    else if (role === 'gateway') await serve({ kind: 'gateway' });
    else await serve({ kind: 'all-in-one', seed });
  },
};
