import type { Argv } from 'yargs';
import { exitCodes, type Command } from './command.ts';

interface ReindexArguments {
  'dry-run': boolean;
}

/** `bouquet reindex`: fills the shared vector index anew from what PostgreSQL holds. */
export const command: Command<ReindexArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Compare the index with the database, and change nothing',
      })
      .example(
        'QDRANT_URL=http://127.0.0.1:6333 $0 reindex',
        'Searches see the old index until the new one is whole',
      )
      .epilogue(
        'Without QDRANT_URL each server has an index of its own, which it fills when it starts and after each training.\n' +
          exitCodes,
      ),
  handler: async ({ dryRun }) => {
    const { fillIndex } = await import('./train/fill-index.ts');
    process.stdout.write(`${await fillIndex({ dryRun })}\n`);
  },
};
