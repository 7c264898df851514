import type { Argv } from 'yargs';
import { exitCodes, type Command } from './command.ts';

const models = ['neighbours', 'vectors', 'segments', 'all'] as const;

interface TrainArguments {
  model: (typeof models)[number];
  threads: number | undefined;
  quick: boolean;
}

/** `bouquet train`: the models that the ranking learns from interactions, and from texts as long as these are few. */
export const command: Command<TrainArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .positional('model', {
        choices: models,
        default: 'all' as const,
        describe:
          'Which items go together (neighbours), where items lie among each other (vectors), which users choose alike ' +
          '(segments), or all of it',
      })
      .option('threads', {
        type: 'number',
        describe: 'Threads that compute; absent: one for each processor',
      })
      .option('quick', {
        type: 'boolean',
        default: false,
        describe: 'Neighbours by choices alone: seconds instead of minutes, and less good',
      })
      .example('$0 train', 'Train everything; a running server serves it from the next feed on')
      .example('$0 train vectors', 'The item vectors alone')
      .epilogue(
        'A running server trains by itself after an import, when interactions have grown by a tenth, and segments each night.\n' +
          `What it computes: docs/reference/ranking.md\n${exitCodes}`,
      ),
  handler: async ({ model, threads, quick }) => {
    const { trainModels } = await import('./train/train-models.ts');
    await trainModels({ model, threads, quick });
  },
};
